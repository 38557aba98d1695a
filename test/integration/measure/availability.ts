import { type UserKind, userKinds } from "../clients/Recorder.ts"
import { recoveriesOf, type Recovery } from "./recovery.ts"
import type { Sample } from "./Sample.ts"
import type { Strike } from "./Strike.ts"

/** How many requests there were, and how many of them failed: an answer of 500 and above, or none. */
export interface Share {
  readonly requests: number
  readonly failed: number
}

/** What a kind of user saw. */
export interface Availability {
  readonly kind: UserKind
  readonly all: Share
  /** Of what was sent while a fault lasted. */
  readonly meanwhile: Share
  /** The failed, by status, the most frequent first; null where there was no answer. */
  readonly errors: ReadonlyArray<readonly [status: number | null, count: number]>
  /** The slowest answer, in milliseconds. */
  readonly slowest: number
  /** Of each fault: how long it took until it was over for them. */
  readonly recoveries: ReadonlyArray<Recovery>
}

const shareOf = (samples: ReadonlyArray<Sample>): Share => ({
  requests: samples.length,
  failed: samples.filter(({ failed }) => failed).length
})

const errorsOf = (samples: ReadonlyArray<Sample>): Availability["errors"] => {
  const failed = Map.groupBy(samples.filter(({ failed }) => failed), ({ status }) => status)
  return Array.from(failed, ([status, { length }]) => [status, length] as const)
    .toSorted(([, one], [, other]) => other - one)
}

/** What each kind of user saw, from all that was sent. */
export const availabilityOf = (
  samples: ReadonlyArray<Sample>,
  strikes: ReadonlyArray<Strike>,
  workEnded: number
): ReadonlyArray<Availability> =>
  userKinds.map((kind) => {
    const own = samples.filter((sample) => sample.kind === kind)
    const during = own.filter(({ sent }) => strikes.some(({ begun, ended }) => sent >= begun && sent < ended))
    return {
      kind,
      all: shareOf(own),
      meanwhile: shareOf(during),
      errors: errorsOf(own),
      slowest: Math.max(0, ...own.map(({ took }) => took)),
      recoveries: recoveriesOf(own, strikes, workEnded)
    }
  })
