import { Context, type Effect } from "effect"

/** A deployment of the HTTP contract that is being tested. It may be in use by others, and have any comments already. */
export class Target extends Context.Service<Target, {
  /** Its entry point, without a slash at the end. */
  readonly url: string
  /** A valid bearer token of a subject with scopes separated by spaces. */
  readonly token: (subject: string, scope: string) => Effect.Effect<string>
}>()("test/http/Target") {}
