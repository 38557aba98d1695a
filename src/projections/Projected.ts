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
  /**
   * The longest that one of the applied events has waited to be visible since it was appended, in milliseconds; null if none
   * was applied.
   */
  readonly lag: number | null
  /** How often the cache could not be told what to forget. */
  readonly invalidationsFailed: number
}

export const nothingProjected: Projected = {
  applied: 0,
  skipped: 0,
  healed: 0,
  parked: [],
  pictures: [],
  lag: null,
  invalidationsFailed: 0
}

const longest = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.max(one, other)

/** What became of two parts of a batch, or of two batches. */
export const both = (one: Projected, other: Projected): Projected => ({
  applied: one.applied + other.applied,
  skipped: one.skipped + other.skipped,
  healed: one.healed + other.healed,
  parked: [...one.parked, ...other.parked],
  pictures: Array.from(new Set([...one.pictures, ...other.pictures])),
  lag: longest(one.lag, other.lag),
  invalidationsFailed: one.invalidationsFailed + other.invalidationsFailed
})

const lagOf = ({ draft }: StreamPlan, now: number): number | null => {
  const [oldest] = draft.history
  return oldest === undefined ? null : Math.max(0, now - oldest.at)
}

/** What became of what these plans were made for, once they are written, which is at `now`. */
export const projectedBy = (plans: ReadonlyArray<StreamPlan>, now: number): Projected => ({
  applied: plans.reduce((sum, { applied }) => sum + applied, 0),
  skipped: plans.reduce((sum, { skipped }) => sum + skipped, 0),
  healed: 0,
  parked: plans.flatMap(({ poison }) =>
    poison === null ? [] : [{ stream: poison.stream, version: poison.version, cause: poison.cause }]
  ),
  pictures: Array.from(new Set(plans.flatMap(({ draft }) => draft.pictureId ?? []))),
  lag: plans.reduce<number | null>((lag, plan) => longest(lag, lagOf(plan, now)), null),
  invalidationsFailed: 0
})
