import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import type { ParkedPlace, ParkedStream } from "../../projections/parkedStreams.ts"
import { listParked } from "../../projections/parkedStreams.ts"
import { json } from "./flags.ts"
import { database } from "./layers.ts"

/** All parked streams, those that have waited longest first. */
export const parkedPages = (pageSize: number) =>
  Stream.unwrap(
    Effect.map(SqlClient.SqlClient, (sql) =>
      Stream.paginate(Option.none<ParkedPlace>(), (after) =>
        Effect.map(
          listParked(sql, {
            limit: pageSize,
            ...Option.match(after, { onNone: () => ({}), onSome: (after) => ({ after }) })
          }),
          (page) =>
            [
              page,
              page.length < pageSize ? Option.none() : Option.map(Option.fromUndefinedOr(page.at(-1)), Option.some)
            ] as const
        )))
  )

const asLine = ({ cause, parkedAt, position, stream, version }: ParkedStream): string =>
  `${stream}  at ${position}, version ${version} since ${parkedAt.toISOString()}: ${cause}`

const list = Command.make(
  "list",
  {
    json,
    limit: Flag.Int("limit").pipe(
      Flag.withDescription("How many at most"),
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 }))),
      Flag.withDefault(100)
    )
  },
  Effect.fnUntraced(
    function*({ json, limit }) {
      const count = yield* parkedPages(Math.min(limit, 500)).pipe(
        Stream.take(limit),
        Stream.tap((parked) => Console.log(json ? JSON.stringify(parked) : asLine(parked))),
        Stream.runCount
      )
      yield* Console.error(count === 0 ? "No stream is parked." : `${count} parked streams.`)
    },
    Effect.provide(database)
  )
).pipe(Command.withDescription("Streams that wait for an operator, those that have waited longest first"))

/** What is about parked streams. */
export const parked = Command.make("parked").pipe(
  Command.withDescription("Streams whose next event could not be projected"),
  Command.withSubcommands([list])
)
