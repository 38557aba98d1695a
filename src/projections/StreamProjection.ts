import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { StreamRecord } from "../platform/DynamoStreams.ts"
import { Projector } from "./Projector.ts"
import { Reconcile } from "./Reconcile.ts"
import { follow as followStream } from "./StreamFollower.ts"
import { commitsIn } from "./streamRecords.ts"

/** The table of events, and how often each idle shard of its stream is looked at: every 200 ms, if left out. */
export interface StreamProjectionOptions {
  readonly table: string
  readonly pollInterval?: Duration.Input
}

/** Projects what is appended to the table, and reconciles the read model where records were missed. */
export const follow = Effect.fn("StreamProjection.follow")(function*(options: StreamProjectionOptions) {
  const projector = yield* Projector
  const { scan } = yield* Reconcile
  const handler = (records: ReadonlyArray<StreamRecord>) => Effect.flatMap(commitsIn(records), projector.project)
  return yield* followStream({ ...options, handler, scan })
})
