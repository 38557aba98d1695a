import { Duration, Effect, Layer } from "effect"
import { Draining } from "../../../../src/platform/Draining.ts"
import { openEntry } from "../../../../src/programs/stack/entry/entry.ts"
import { answers } from "../../../http/contract/answers.ts"
import { bodies } from "../../../http/contract/bodies.ts"
import { routes } from "../../../http/contract/routes.ts"
import { hostileClients } from "../../../http/hostile/clients.ts"
import { hostileRequests } from "../../../http/hostile/requests.ts"
import { standaloneTarget } from "../../../http/standaloneTarget.ts"
import { httpSuite } from "../../../http/suite.ts"
import { Target } from "../../../http/Target.ts"

/** The entry point before the standalone program, which is all of its services. */
const entryTarget = Layer.effect(
  Target,
  Effect.gen(function*() {
    const { token, url } = yield* Target
    const behind = new URL(url)
    const entry = yield* openEntry(
      { host: "127.0.0.1", port: 0, shutdownTimeout: Duration.seconds(5) },
      { commands: behind, queries: behind, own: behind }
    )
    return Target.of({ url: entry, token })
  })
).pipe(Layer.provide([Draining.layer, standaloneTarget]))

httpSuite("The stack's entry point", entryTarget, [answers, bodies, routes, hostileRequests, hostileClients])
