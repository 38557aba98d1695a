import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { nothingProjected } from "../../../src/projections/Projected.ts"
import { Projector } from "../../../src/projections/Projector.ts"

/** How often it is looked whether all has been projected, by all stores alike. */
export const lookInterval = "20 millis"

/** How many comments the read model has. */
export const comments = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const [found] = yield* sql<{ readonly count: number }>`SELECT count(*)::int AS count FROM comments`
  return found?.count ?? 0
})

/** In the projector's place: tells of the events that our own consumers deliver, and projects nothing. */
export const telling = (delivered: (stream: string, version: number) => void) =>
  Projector.of({
    project: (commits) =>
      Effect.sync(() => {
        for (const { lastVersion, stream, version } of commits) {
          for (let each: number = version; each <= lastVersion; each++) delivered(stream, each)
        }
        return nothingProjected
      }),
    redrive: () => Effect.succeed(nothingProjected)
  })
