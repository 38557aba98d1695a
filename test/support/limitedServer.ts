import { assert } from "@effect/vitest"
import { Effect, Metric } from "effect"
import type { Server } from "node:http"
import { endedBy, type Limit } from "../../src/platform/exchanges.ts"
import type { FastLane } from "../../src/platform/nodeServer.ts"
import { securityHeaders } from "../../src/platform/securityHeaders.ts"
import { Target } from "../http/Target.ts"
import { listen } from "./serve.ts"

/** A request for a lane. */
export const ask = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

/** What every answer has. */
export const own = { ...securityHeaders, "x-request-id": "one", "content-type": "text/plain" }

/** Answers everything, at once. */
export const answer: FastLane = (_request, response) => {
  response.writeHead(200, { ...own, "content-length": 2 }).end("ok")
  return true
}

/** Answers nothing, ever. */
export const nothing: FastLane = () => true

/** What listens on a port of this machine. */
export const at = (port: number) =>
  Target.of({ url: `http://127.0.0.1:${port}`, token: () => Effect.die(new Error("nobody asks for one")) })

/** What a client finds who comes to a server. */
export const against = <A, E, R>(server: Server, client: Effect.Effect<A, E, R>) =>
  Effect.flatMap(listen(server), (port) => Effect.provideService(client, Target, at(port)))

/** Asserts that a limit ends so many connections meanwhile. */
export const counted = Effect.fnUntraced(
  function*<A, E, R>(limit: Limit, times: number, effect: Effect.Effect<A, E, R>) {
    const before = (yield* Metric.value(endedBy(limit))).count
    const result = yield* effect
    assert.strictEqual((yield* Metric.value(endedBy(limit))).count - before, times)
    return result
  }
)
