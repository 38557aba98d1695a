import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { CommentId } from "../../../src/domain/ids.ts"
import { EventStore } from "../../../src/events/EventStore.ts"
import { EventTail } from "../../../src/events/EventTail.ts"
import { newStream } from "../../../src/events/Head.ts"
import { saveCheckpoint } from "../../../src/projections/checkpoints.ts"
import * as TailProjection from "../../../src/projections/TailProjection.ts"
import { draftOf, freshStream, streamOf } from "../stores/events.ts"
import { commitOf } from "../stores/ourCommits.ts"
import { fillLog } from "../stores/ourHistories.ts"
import { comments } from "../stores/telling.ts"
import type { WorkEngines } from "../work/WorkRow.ts"
import type { GrowthCurve } from "./GrowthCurve.ts"
import type { Grown, GrowthScale } from "./GrowthJob.ts"
import { onPostgres } from "./storage.ts"
import { secondsOf, timedRounds } from "./timing.ts"

/** Commits that are projected at the log's end, for each point and round. */
const projected = 1000

const follower = "growth"

const appendOne = Effect.suspend(() => {
  const stream = freshStream()
  const head = newStream(CommentId.make(stream))
  return Effect.flatMap(EventStore, ({ append }) => append(head, commitOf(head, draftOf(stream, 1))))
})

/** Events/s that a follower projects which is at the log's end when more is appended. */
const projectEnd = Effect.fnUntraced(function*(set: number) {
  const sql = yield* SqlClient.SqlClient
  const { present } = yield* EventTail
  yield* saveCheckpoint(sql, follower, yield* present)
  const before = yield* comments
  yield* fillLog(Array.from({ length: projected }, (_, number) => streamOf(set, number)), 1)
  const seconds = yield* secondsOf(
    Effect.raceFirst(
      TailProjection.follow({ name: follower }),
      Effect.repeat(Effect.delay(comments, "5 millis"), { until: (count) => count >= before + projected })
    )
  )
  return projected / seconds
})

/** Appends, and projection at the end, as the log becomes long. */
export const logGrowth = Effect.fn("logGrowth")(function*(engines: WorkEngines, scale: GrowthScale) {
  const appends: Array<GrowthCurve["points"][number]> = []
  const projections: Array<GrowthCurve["points"][number]> = []
  yield* Effect.gen(function*() {
    let made = 0
    let set = 1
    yield* projectEnd(set++)
    for (const size of scale.log) {
      yield* fillLog(Array.from({ length: size - made }, (_, number) => streamOf(0, made + number)), 1)
      made = size
      appends.push({ x: size, values: yield* timedRounds(scale, () => appendOne) })
      const rates: Array<number> = []
      while (rates.length < scale.rounds) rates.push(yield* projectEnd(set++))
      projections.push({ x: size, values: rates })
    }
  }).pipe(Effect.provide(onPostgres(engines)))
  const grown: Grown = {
    curves: [
      {
        name: "log-append",
        title: "Append to a new stream on PostgreSQL",
        grows: "commits in the log",
        unit: "µs",
        better: "lower",
        points: appends,
        flatBecause: "The log's indexes become deeper by a level only for each factor of about 100.",
        notFlatBecause: null
      },
      {
        name: "log-projection",
        title: "Projection of what is appended to a log on PostgreSQL",
        grows: "commits in the log",
        unit: "events/s",
        better: "higher",
        points: projections,
        flatBecause: "The tail goes on from its checkpoint by an index; what lies before it is never read.",
        notFlatBecause: null
      }
    ],
    rates: []
  }
  return grown
})
