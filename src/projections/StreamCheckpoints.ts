import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { ScanCheckpoint } from "../events/EventStore.ts"
import { texts } from "./columns.ts"
import { Place, type Places } from "./shardPlaces.ts"

/** Whether what lies before the position that was taken of a stream has been brought in, and how far that has come. */
export const CatchUp = Schema.TaggedUnion({
  Due: { after: Schema.NullOr(ScanCheckpoint) },
  Done: {}
})
export type CatchUp = typeof CatchUp.Type

/** How far the follower of a table's stream has come. */
export interface FollowedStream {
  /** The stream's ARN: a table made anew has another. */
  readonly stream: string
  readonly catchUp: CatchUp
  readonly places: Places
}

/** Checkpoints can't be read or saved at present. */
export class StreamCheckpointsUnavailable
  extends Schema.TaggedError<StreamCheckpointsUnavailable>()("StreamCheckpointsUnavailable", { cause: Schema.Defect() })
{}

const Header = Schema.fromJsonString(Schema.Struct({ stream: Schema.String, catchUp: CatchUp }))
const encodeHeader = Schema.encodeSync(Header)
const decodeHeader = Schema.decodeUnknownOption(Header)
const PlaceJson = Schema.fromJsonString(Place)
const encodePlace = Schema.encodeSync(PlaceJson)
const decodePlace = Schema.decodeUnknownOption(PlaceJson)

// Rows of `projection_checkpoints`: `stream:<table>` for the whole, `stream:<table>/<shard>` for each shard. A table's
// name has no slash.
const nameOf = (table: string) => `stream:${table}`
const prefixOf = (table: string) => `stream:${table}/`

const make = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const orUnavailable = Effect.mapError((cause: unknown) => new StreamCheckpointsUnavailable({ cause }))

  const put = (rows: ReadonlyArray<readonly [name: string, checkpoint: string]>) =>
    sql`
      INSERT INTO projection_checkpoints (name, checkpoint)
      SELECT * FROM unnest(${texts(rows.map(([name]) => name))}, ${texts(rows.map(([, checkpoint]) => checkpoint))})
      ON CONFLICT (name) DO UPDATE SET checkpoint = excluded.checkpoint, saved_at = now()`

  const placeRows = (table: string, places: Places) =>
    Array.from(places, ([shard, place]) => [prefixOf(table) + shard, encodePlace(place)] as const)

  const load = Effect.fn("StreamCheckpoints.load")(function*(table: string) {
    const prefix = prefixOf(table)
    const rows = yield* sql<{ readonly name: string; readonly checkpoint: string }>`
      SELECT name, checkpoint FROM projection_checkpoints
      WHERE name = ${nameOf(table)} OR starts_with(name, ${prefix})`
    const header = rows.find(({ name }) => name === nameOf(table))
    const places = new Map<string, Place>()
    for (const { checkpoint, name } of rows) {
      if (!name.startsWith(prefix)) continue
      const place = decodePlace(checkpoint)
      // Of another version of the program: no more worth than none.
      if (Option.isNone(place)) return Option.none<FollowedStream>()
      places.set(name.slice(prefix.length), place.value)
    }
    return Option.map(decodeHeader(header?.checkpoint), (header): FollowedStream => ({ ...header, places }))
  }, orUnavailable)

  const begin = Effect.fn("StreamCheckpoints.begin")(function*(
    table: string,
    { catchUp, places, stream }: FollowedStream
  ) {
    yield* sql.withTransaction(Effect.andThen(
      sql`DELETE FROM projection_checkpoints WHERE starts_with(name, ${prefixOf(table)})`,
      put([[nameOf(table), encodeHeader({ stream, catchUp })], ...placeRows(table, places)])
    ))
  }, orUnavailable)

  const save = Effect.fn("StreamCheckpoints.save")(
    function*(table: string, { catchUp, places, stream }: FollowedStream) {
      yield* put([[nameOf(table), encodeHeader({ stream, catchUp })], ...placeRows(table, places)])
    },
    orUnavailable
  )

  const forget = Effect.fn("StreamCheckpoints.forget")(function*(table: string, shards: ReadonlyArray<string>) {
    const names = shards.map((shard) => prefixOf(table) + shard)
    yield* sql`DELETE FROM projection_checkpoints WHERE name = ANY(${texts(names)})`
  }, orUnavailable)

  return StreamCheckpoints.of({ load, begin, save, forget })
})

/** Where the followers of tables' streams have come to, kept so that they go on there whatever ended them. */
export class StreamCheckpoints extends Context.Service<StreamCheckpoints, {
  /** What was saved of a table's stream; none if nothing was, or nothing that can be understood. */
  load(table: string): Effect.Effect<Option.Option<FollowedStream>, StreamCheckpointsUnavailable>

  /** Puts this in the place of all that was saved of the table's stream. */
  begin(table: string, followed: FollowedStream): Effect.Effect<void, StreamCheckpointsUnavailable>

  /** Saves these places at once, and leaves those of other shards as they are. */
  save(table: string, changed: FollowedStream): Effect.Effect<void, StreamCheckpointsUnavailable>

  /** Forgets the places of these shards. */
  forget(table: string, shards: ReadonlyArray<string>): Effect.Effect<void, StreamCheckpointsUnavailable>
}>()("marginalia/projections/StreamCheckpoints") {
  /** In the read model's database, beside what they are about. */
  static readonly layer: Layer.Layer<StreamCheckpoints, never, SqlClient.SqlClient> = Layer.effect(this, make)
}
