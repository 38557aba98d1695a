import { Duration, Effect } from "effect"
import type { RequestListener } from "node:http"
import { Draining } from "../../../../src/platform/Draining.ts"
import { securityHeaders } from "../../../../src/platform/securityHeaders.ts"
import { openEntry } from "../../../../src/programs/stack/entry/entry.ts"
import { Target } from "../../../http/Target.ts"
import { serve } from "../../../support/serve.ts"

/** A service that does what it is told, and tells browsers what every service does. */
export const makeService = (answer: RequestListener) =>
  Effect.map(
    serve((request, response) => {
      for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
      answer(request, response)
    }),
    ({ url }) => new URL(url)
  )

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
