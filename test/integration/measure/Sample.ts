import { isFailure } from "../clients/commands.ts"
import type { Recorded, UserKind } from "../clients/Recorder.ts"

/** A request as it counts. */
export interface Sample {
  readonly kind: UserKind
  /** When it was sent, in milliseconds. */
  readonly sent: number
  /** How long it took, in milliseconds. */
  readonly took: number
  /** Null: no answer came. */
  readonly status: number | null
  readonly failed: boolean
}

/** What counts of recorded requests, in the order in which they were sent. */
export const samplesOf = (recorded: ReadonlyArray<Recorded>): ReadonlyArray<Sample> =>
  recorded.map(({ exchange: { answer, ended, sent }, kind }) => ({
    kind,
    sent: sent.at,
    took: ended.at - sent.at,
    status: answer?.status ?? null,
    failed: isFailure(answer)
  })).toSorted((one, other) => one.sent - other.sent)
