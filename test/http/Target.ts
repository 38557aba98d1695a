import { Context, type Effect } from "effect"
import type { TestIssuer } from "../support/TestIssuer.ts"

/**
 * The people for whom there are tokens, where the issuer isn't at hand. What a test can't have leaves it out of the run,
 * with the reason; it doesn't go on then.
 */
export interface People {
  readonly anybody: Effect.Effect<string>
  readonly somebodyElse: Effect.Effect<string>
  readonly moderator: Effect.Effect<string>
  /** Leaves the test out. `needs` completes the sentence "It needs …". */
  readonly leaveOut: (needs: string) => Effect.Effect<never>
}

/** A deployment of the HTTP contract that is being tested. It may be in use by others, and have any comments already. */
export class Target extends Context.Service<Target, {
  /** Its entry point, without a slash at the end. */
  readonly url: string
  /** A valid bearer token of a subject with scopes separated by spaces. */
  readonly token: (subject: string, scope: string) => Effect.Effect<string>
  /** The issuer that it believes, where that signs whatever a test wants. */
  readonly issuer?: Effect.Effect<TestIssuer>
  /** Whom it can speak for. Anybody at all, if left out. */
  readonly people?: People
}>()("test/http/Target") {}
