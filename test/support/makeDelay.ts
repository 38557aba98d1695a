import { Effect } from "effect"
import { Transform } from "node:stream"

const after = (milliseconds: number, then: () => void): void => {
  Effect.runFork(Effect.delay(Effect.sync(then), milliseconds))
}

/** Lets everything through as late as it is told to, in its order. */
export const makeDelay = (delay: () => number): Transform => {
  const waiting: Array<{ readonly due: number; readonly release: () => void }> = []
  const releaseDue = () => {
    const now = performance.now()
    while ((waiting[0]?.due ?? Infinity) <= now) waiting.shift()?.release()
    const [next] = waiting
    if (next !== undefined) after(next.due - now, releaseDue)
  }
  const later = (release: () => void) => {
    const wait = delay()
    if (waiting.length === 0 && wait === 0) return release()
    waiting.push({ due: performance.now() + wait, release })
    if (waiting.length === 1) after(wait, releaseDue)
  }
  return new Transform({
    transform(chunk, _encoding, taken) {
      later(() => this.push(chunk))
      taken()
    },
    flush(ended) {
      later(ended)
    }
  })
}
