import type { Sample } from "./Sample.ts"
import type { Strike } from "./Strike.ts"

/** So long nothing may fail until all is well again, in milliseconds. */
export const quiet = 1_000

/** So many requests must have been answered well in that time: where nobody asks, nobody knows. */
const enough = 2

/** In milliseconds; null where it took too long. */
export type Recovery = number | null

/**
 * How long it took from a strike's beginning or end, as it says, until the first second of which no request failed, and some were
 * sent: from its first failure on, so that what is noticed late counts. 0 where nothing failed; null where there was no such
 * second before `until`. Samples are in the order in which they were sent.
 */
const recoveryAfter = (samples: ReadonlyArray<Sample>, strike: Strike, until: number): Recovery => {
  const from = strike.recoveryFrom === "beginning" ? strike.begun : strike.ended
  let wellSince: number | undefined
  let answered = 0
  for (const { failed, sent } of samples) {
    if (sent < from || sent >= until) continue
    if (!failed) {
      answered++
      continue
    }
    if (wellSince !== undefined && sent - wellSince >= quiet && answered >= enough) break
    // It is the next moment that is well.
    wellSince = sent + 1
    answered = 0
  }
  if (wellSince === undefined) return 0
  return until - wellSince >= quiet && answered >= enough ? wellSince - from : null
}

/** The same of each strike; one ends where the next begins, the last with the work. */
export const recoveriesOf = (
  samples: ReadonlyArray<Sample>,
  strikes: ReadonlyArray<Strike>,
  workEnded: number
): ReadonlyArray<Recovery> =>
  strikes.map((strike, index) => recoveryAfter(samples, strike, strikes[index + 1]?.begun ?? workEnded))
