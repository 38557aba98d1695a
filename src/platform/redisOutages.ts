import * as Effect from "effect/Effect"
import type { Cluster, Redis } from "ioredis"

/** Logs when Redis is lost, or can't be reached in the first place, and when it is back: once each, not once for each try. */
export const logOutages = (
  client: Redis | Cluster,
  run: (effect: Effect.Effect<void>) => void
): { readonly end: () => void } => {
  let isOut = false
  let last: unknown
  const onClose = () => {
    if (isOut) return
    isOut = true
    run(Effect.logWarning("Redis can't be reached; it is tried again until it answers", last ?? "no reason was given"))
    last = undefined
  }
  const onReady = () => {
    if (isOut) run(Effect.logInfo("Redis can be reached again"))
    isOut = false
  }
  // Without a listener, ioredis writes each of them to the console.
  client.on("error", (error) => {
    last = error
  })
  client.on("close", onClose).on("ready", onReady)
  return {
    end: () => {
      client.off("close", onClose).off("ready", onReady)
    }
  }
}
