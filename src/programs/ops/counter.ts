import * as Effect from "effect/Effect"
import { stderr } from "node:process"

/** How many elements pass between two lines where nobody watches. */
const linesEvery = 20

/**
 * Shows how far something has come of which nobody knows the end: a line that is written over on a terminal, a line now
 * and then elsewhere. Goes to standard error.
 */
export const makeCounter = (): {
  readonly show: (sentence: string) => Effect.Effect<void>
  readonly end: Effect.Effect<void>
} => {
  let shown = 0
  return {
    show: (sentence) =>
      Effect.sync(() => {
        shown++
        if (stderr.isTTY) stderr.write(`\r\u001b[K${sentence}`)
        else if (shown % linesEvery === 1) stderr.write(`${sentence}\n`)
      }),
    end: Effect.sync(() => {
      if (stderr.isTTY && shown > 0) stderr.write("\n")
    })
  }
}
