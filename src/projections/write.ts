import * as Effect from "effect/Effect"
import type * as SqlClient from "effect/sql/SqlClient"
import type { Changes } from "./changes.ts"
import { changesOf } from "./changes.ts"
import { addDeltas, lockAuthors, lockPictures, raiseCounters } from "./counters.ts"
import { Misfit } from "./failure.ts"
import type { StreamPlan } from "./plan.ts"
import { parkStreams } from "./positions.ts"
import { writeRows } from "./rows.ts"

/** Locks the counters that these changes add to, in the order that all transactions share: pictures first. */
export const lockCounters = Effect.fnUntraced(function*(sql: SqlClient.SqlClient, { authors, pictures }: Changes) {
  if (pictures.size > 0) yield* lockPictures(sql, pictures.keys())
  if (authors.size > 0) yield* lockAuthors(sql, authors.keys())
})

// An insert of less than 0 would be refused even where there is a counter to take it from.
const onlyRises = ({ authors, pictures }: Changes): boolean =>
  [...pictures.values(), ...authors.values()].every((delta) => delta >= 0)

/**
 * Writes what plans come to, as sets. The transaction holds the locks of their positions; the plans are of different
 * streams.
 */
export const write = Effect.fnUntraced(function*(sql: SqlClient.SqlClient, plans: ReadonlyArray<StreamPlan>) {
  const changes = changesOf(plans)
  const { authors, pictures } = changes
  const rises = onlyRises(changes)
  // Counters that only rise are locked and changed by one statement.
  if (!rises) yield* lockCounters(sql, changes)
  else if (pictures.size > 0) yield* raiseCounters(sql, pictures, authors)
  if (changes.positions.length > 0) {
    const [row] = yield* writeRows(sql, changes)
    if (row?.changed !== changes.changed.length) {
      return yield* new Misfit({ reason: "an event follows a deletion, or a comment that the read model has lost" })
    }
  }
  if (!rises) yield* addDeltas(sql, pictures, authors)
  const poisons = plans.map(({ poison }) => poison).filter((poison) => poison !== null)
  if (poisons.length > 0) yield* parkStreams(sql, poisons)
})
