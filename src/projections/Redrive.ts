import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as SqlClient from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import type { CommentId } from "../domain/ids.ts"
import type { ParkedPlace, ParkedStream } from "./parkedStreams.ts"
import { listParked } from "./parkedStreams.ts"
import type { Projected } from "./Projected.ts"
import { ProjectionUnavailable } from "./ProjectionUnavailable.ts"
import { Projector } from "./Projector.ts"

/** What became of a parked stream. It is parked again if `projected.parked` isn't empty. */
export interface Redriven {
  readonly stream: CommentId
  readonly projected: Projected
}

const pageSize = 100

const make = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const projector = yield* Projector
  const unavailable = Effect.mapError((cause: unknown) => new ProjectionUnavailable({ cause }))

  const one = Effect.fn("Redrive.one")(function*(stream: CommentId) {
    return { stream, projected: yield* projector.redrive(stream) } satisfies Redriven
  })

  const list = Effect.fn("Redrive.list")(function*(options: { readonly limit: number; readonly after?: ParkedPlace }) {
    return yield* unavailable(listParked(sql, options))
  })

  // Those that are parked again on the way are not tried again: an instant after the newest mark bounds the list.
  const all = Stream.unwrap(
    Effect.map(
      unavailable(sql<{ readonly instant: Date }>`SELECT now() + interval '2 milliseconds' AS instant`),
      ([row]) =>
        Stream.paginate(Option.none<ParkedPlace>(), (after) =>
          Effect.map(
            unavailable(listParked(sql, {
              limit: pageSize,
              ...(row === undefined ? {} : { before: row.instant }),
              ...Option.match(after, { onNone: () => ({}), onSome: (after) => ({ after }) })
            })),
            (page) => [page, Option.map(Option.fromUndefinedOr(page.at(-1)), Option.some)] as const
          ))
    )
  ).pipe(Stream.mapEffect(({ stream }) => one(stream)))

  return Redrive.of({ list, one, all })
})

/** Looks after parked streams, once what is wrong with their events has been mended. */
export class Redrive extends Context.Service<Redrive, {
  /** Parked streams, those that have waited longest first, at most `limit` of them after a place. */
  list(options: {
    readonly limit: number
    readonly after?: ParkedPlace
  }): Effect.Effect<ReadonlyArray<ParkedStream>, ProjectionUnavailable>

  /** Projects what the log has of one stream, and no longer takes it as parked unless an event still can't be projected. */
  one(stream: CommentId): Effect.Effect<Redriven, ProjectionUnavailable>

  /** The same for all streams that were parked when this began, one after the other. */
  readonly all: Stream.Stream<Redriven, ProjectionUnavailable>
}>()("marginalia/projections/Redrive") {
  static readonly layer: Layer.Layer<Redrive, never, SqlClient.SqlClient | Projector> = Layer.effect(this, make)
}
