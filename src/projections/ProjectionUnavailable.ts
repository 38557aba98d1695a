import * as Schema from "effect/Schema"

/**
 * Nothing can be projected at present: the read model or the event store can't be reached, or refuses. The read model is
 * as it was, or has a part of the batch; whoever delivered the batch delivers it again.
 */
export class ProjectionUnavailable extends Schema.TaggedError<ProjectionUnavailable>()("ProjectionUnavailable", {
  cause: Schema.Defect()
}) {}
