import { Effect, Layer, Ref } from "effect"
import { SqlClient, Statement } from "effect/sql"
import { EventLogControls } from "./EventLogControls.ts"

/** A statement that was sent: its text and its parameters. */
export type Sent = readonly [text: string, parameters: ReadonlyArray<unknown>]

/** The statements that an effect sends. */
export const sentBy = Effect.fnUntraced(function*<E, R>(effect: Effect.Effect<unknown, E, R>) {
  const sent = yield* Ref.make<ReadonlyArray<Sent>>([])
  yield* effect.pipe(
    Effect.provideService(
      Statement.CurrentTransformer,
      (statement) => Effect.as(Ref.update(sent, (sent) => [...sent, statement.compile()]), statement)
    )
  )
  return yield* Ref.get(sent)
})

/** Controls of a log in Postgres, by statements of their own. */
export const layer = Layer.effect(
  EventLogControls,
  Effect.gen(function*() {
    const sql = yield* SqlClient.SqlClient
    return {
      plant: (commits) =>
        sql`
          INSERT INTO commits (stream, version, last_version, commit_id, events, snapshot)
          SELECT stream, version, "lastVersion", id, events, NULLIF(snapshot, 'null')
          FROM jsonb_to_recordset(${JSON.stringify(commits)}::jsonb)
            AS planted(stream uuid, version int, "lastVersion" int, id uuid, events jsonb, snapshot jsonb)`
          .pipe(Effect.orDie, Effect.asVoid),
      // What a statement gave is what it gives again, for nobody writes meanwhile.
      commitsReadBy: Effect.fnUntraced(function*(effect) {
        const counts = yield* Effect.forEach(
          yield* sentBy(effect),
          ([text, parameters]) =>
            sql.unsafe<{ readonly count: number }>(
              `SELECT count(*)::int4 AS count FROM (${text}) AS statement`,
              [...parameters]
            )
        )
        return counts.reduce((total, [row]) => total + (row?.count ?? 0), 0)
      }, Effect.orDie)
    }
  })
)
