import { Effect, Schedule, Schema } from "effect"
import { connect } from "node:net"
import { Target } from "../http/Target.ts"

class StillListening extends Schema.TaggedError<StillListening>()("StillListening", {}) {}

/** Waits until nobody can connect any more. */
export const refusesConnections = Effect.gen(function*() {
  const { url } = yield* Target
  const { hostname, port } = new URL(url)
  yield* Effect.callback<void, StillListening>((resume) => {
    const socket = connect(Number(port), hostname)
    socket.once("connect", () => {
      socket.destroy()
      resume(Effect.fail(new StillListening()))
    })
    socket.once("error", () => resume(Effect.void))
  }).pipe(Effect.retry(Schedule.spaced("10 millis")))
})
