import { Duration, Effect } from "effect"
import type { RequestListener } from "node:http"
import { Draining } from "../../../../src/platform/Draining.ts"
import { openEntry } from "../../../../src/programs/stack/entry/entry.ts"
import { Target } from "../../../http/Target.ts"
import { serve } from "../../../support/serve.ts"

/** A service that does what it is told. */
export const makeService = (answer: RequestListener) => Effect.map(serve(answer), ({ url }) => new URL(url))

/** An entry point before services of the test's own, which may take so many milliseconds. */
export const openBefore = Effect.fnUntraced(
  function*(services: { readonly commands: URL; readonly queries: URL }, timeout?: number) {
    const url = yield* openEntry(
      { host: "127.0.0.1", port: 0, shutdownTimeout: Duration.seconds(5) },
      { ...services, own: services.queries },
      timeout
    )
    return Target.of({ url, token: () => Effect.succeed("") })
  },
  Effect.provide(Draining.layer)
)

/** The same service behind both. */
export const openBeforeOne = Effect.fnUntraced(function*(answer: RequestListener, timeout?: number) {
  const service = yield* makeService(answer)
  return yield* openBefore({ commands: service, queries: service }, timeout)
})
