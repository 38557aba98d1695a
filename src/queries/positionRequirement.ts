import * as Schema from "effect/Schema"
import { CommentId } from "../domain/ids.ts"
import type { ReadModelUnavailable, StreamPosition } from "./ReadModel.ts"

/** A stream, and the version that an answer must at least reflect. Version 0 asks for nothing. */
export interface PositionRequirement {
  readonly stream: CommentId
  readonly version: number
}

/** The read model didn't reach a version in the time that there was. */
export class ReadModelBehind extends Schema.TaggedError<ReadModelBehind>()("ReadModelBehind", {}) {}

/** A stream stands still before the version that was asked for; it will until an operator has looked at it. */
export class ProjectionParked extends Schema.TaggedError<ProjectionParked>()("ProjectionParked", {
  stream: CommentId
}) {}

/** Why a wait ended without what it was for. */
export type WaitFailure = ReadModelBehind | ProjectionParked | ReadModelUnavailable

/** Whether all is reached, something never will be, or there is still something to wait for. */
export const judge = (
  requirements: ReadonlyArray<PositionRequirement>,
  positions: ReadonlyMap<CommentId, StreamPosition>
): "reached" | "behind" | ProjectionParked => {
  const missing = requirements.filter(({ stream, version }) => version > (positions.get(stream)?.version ?? 0))
  const parked = missing.find(({ stream }) => positions.get(stream)?.parked === true)
  if (parked !== undefined) return new ProjectionParked({ stream: parked.stream })
  return missing.length === 0 ? "reached" : "behind"
}
