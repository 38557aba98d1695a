import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { whileLeading } from "../../projections/leading.ts"
import * as StreamProjection from "../../projections/StreamProjection.ts"

/** Which table's stream is followed, and how. */
export interface Following {
  readonly table: string
  readonly pollInterval: Duration.Duration
}

/** Projects what is appended to the events' table, as long as the layer lives. */
export const followEvents = (following: Following) =>
  Layer.effectDiscard(Effect.forkScoped(whileLeading(`stream:${following.table}`, StreamProjection.follow(following))))
