import * as Effect from "effect/Effect"
import process from "node:process"

/** Waits until the log has arrived: what is written to standard error has, once this returns. A Lambda is frozen after it. */
export const flush = Effect.callback<void>((resume) => {
  process.stderr.write("", () => resume(Effect.void))
})
