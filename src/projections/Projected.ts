import type { CommentId, PictureId } from "../domain/ids.ts"
import type { StreamPlan } from "./plan.ts"

/** A stream that was parked, at the first version that could not be projected. */
export interface NewlyParked {
  readonly stream: CommentId
  readonly version: number
  /** Short, and without anything that a person wrote. */
  readonly cause: string
}

/** What became of a batch. */
export interface Projected {
  /** Events that are visible now and were not before, those out of healed gaps among them. */
  readonly applied: number
  /** Events that had been projected before, came twice, or wait because their stream is parked. */
  readonly skipped: number
  /** Gaps that were filled from the event store, one for each stream at most. */
  readonly healed: number
  readonly parked: ReadonlyArray<NewlyParked>
  /** The pictures that the cache was told to forget, each once. */
  readonly pictures: ReadonlyArray<PictureId>
}

export const nothingProjected: Projected = { applied: 0, skipped: 0, healed: 0, parked: [], pictures: [] }

/** What became of two parts of a batch, or of two batches. */
export const both = (one: Projected, other: Projected): Projected => ({
  applied: one.applied + other.applied,
  skipped: one.skipped + other.skipped,
  healed: one.healed + other.healed,
  parked: [...one.parked, ...other.parked],
  pictures: Array.from(new Set([...one.pictures, ...other.pictures]))
})

/** What became of what these plans were made for, once they are written. */
export const projectedBy = (plans: ReadonlyArray<StreamPlan>): Projected => ({
  applied: plans.reduce((sum, { applied }) => sum + applied, 0),
  skipped: plans.reduce((sum, { skipped }) => sum + skipped, 0),
  healed: 0,
  parked: plans.flatMap(({ poison }) =>
    poison === null ? [] : [{ stream: poison.stream, version: poison.version, cause: poison.cause }]
  ),
  pictures: Array.from(new Set(plans.flatMap(({ draft }) => draft.pictureId ?? [])))
})
