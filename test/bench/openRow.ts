import { Clock, Effect, Ref } from "effect"
import { HttpClient } from "effect/http"
import { BenchError } from "./BenchError.ts"
import { runLoad } from "./load/runLoad.ts"
import type { Row } from "./Row.ts"
import { startBareTwin } from "./servers/bareTwin.ts"
import type { RunningServer } from "./servers/RunningServer.ts"
import { type StandaloneOptions, startStandalone } from "./servers/standalone.ts"

/** How long a server may go on with what the requests set off. */
const settlingTime = "60 seconds"

/** How a row's sides are loaded. */
export interface LoadOptions extends StandaloneOptions {
  readonly connections: number
}

const askTwinToSettle = Effect.fnUntraced(function*({ origin }: RunningServer) {
  const client = yield* HttpClient.HttpClient
  yield* client.get(`${origin}/settled`).pipe(
    Effect.mapError((error) => new BenchError({ message: `The bare twin went away: ${error.message}` }))
  )
})

/**
 * Starts both sides of a row, and answers with the two measurements, which may be run in turn as often as wanted. What the
 * requests of a window set off is done before the measurement ends, so that it can't weigh on the other side's. The
 * scope's end ends both sides.
 */
export const openRow = Effect.fn("openRow")(function*(row: Row, options: LoadOptions) {
  const subject: RunningServer = yield* (row.start?.(options) ?? startStandalone(row, options))
  const material = yield* row.prepare(subject)
  const twin = yield* startBareTwin(row, material, options.pinning)
  const { settle } = row

  const side = Effect.fnUntraced(
    function*<R>(server: RunningServer, settled: Effect.Effect<void, BenchError, R> | null) {
      const first = yield* Ref.make(0)
      return Effect.fnUntraced(function*(window: { readonly warmUpSeconds: number; readonly seconds: number }) {
        const { next, sample } = yield* runLoad({
          ...window,
          row: row.name,
          material,
          ports: [server.port],
          pids: [server.pid],
          connections: options.connections,
          first: yield* Ref.get(first)
        }, options.pinning)
        yield* Ref.set(first, next)
        if (settled === null) return sample
        const before = yield* Clock.currentTimeMillis
        yield* Effect.timeoutOrElse(settled, {
          duration: settlingTime,
          orElse: () => new BenchError({ message: `${row.name}: a server did not settle within ${settlingTime}` })
        })
        return { ...sample, settledAfterMillis: (yield* Clock.currentTimeMillis) - before }
      })
    }
  )

  return {
    subject: yield* side(subject, settle === undefined ? null : settle(subject, material)),
    twin: yield* side(twin, settle === undefined ? null : askTwinToSettle(twin))
  }
})
