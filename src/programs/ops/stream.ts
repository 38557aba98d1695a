import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as SqlClient from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import { type CommentId, Version } from "../../domain/ids.ts"
import type { EncodedCommit } from "../../events/Commit.ts"
import { decodeCommit } from "../../events/EventCodec.ts"
import { EventStore } from "../../events/EventStore.ts"
import { readRows } from "../../projections/verifying.ts"
import { NotAllWell } from "./failures.ts"
import * as Flags from "./flags.ts"
import { comparing } from "./layers.ts"

const pageSize = 100

const commitsOf = (stream: CommentId) =>
  Stream.unwrap(
    Effect.map(EventStore, ({ readStream }) =>
      Stream.paginate(Version.make(1), (from) =>
        Effect.map(readStream(stream, { from, limit: pageSize }), (commits) => {
          const last = commits.at(-1)
          return [
            commits,
            last === undefined || commits.length < pageSize
              ? Option.none()
              : Option.some(Version.make(last.lastVersion + 1))
          ] as const
        })))
  )

const asLines = (encoded: EncodedCommit): ReadonlyArray<string> =>
  Result.match(decodeCommit(encoded), {
    onFailure: ({ reason, version }) => [`${version}  can't be decoded: ${reason}`],
    onSuccess: ({ events, id }) =>
      events.map(({ actor, body, commandId, occurredAt, version }) =>
        `${version}  ${DateTime.formatIso(DateTime.makeUnsafe(occurredAt))}  ${body._tag}  by ${
          JSON.stringify(actor)
        }  command ${commandId}  commit ${id}`
      )
  })

const show = Command.make(
  "show",
  { stream: Flags.stream, json: Flags.json },
  Effect.fnUntraced(
    function*({ json, stream }) {
      const count = yield* commitsOf(stream).pipe(
        Stream.tap((commit) =>
          Effect.forEach(json ? [JSON.stringify(commit)] : asLines(commit), (line) => Console.log(line), {
            discard: true
          })
        ),
        Stream.runCount
      )
      if (count === 0) return yield* new NotAllWell({ message: `The log has no stream ${stream}.` })
      const [row] = yield* readRows(yield* SqlClient.SqlClient, [stream])
      yield* Console.error(
        row === undefined
          ? "The read model hasn't heard of it."
          : `The read model is at version ${row.position}${row.parked ? ", and the stream is parked" : ""}.`
      )
    },
    Effect.provide(comparing)
  )
).pipe(
  Command.withDescription(
    "What the log has of a stream, without what people wrote (--json: all of it), and where the read model is"
  )
)

/** What is about single streams. */
export const stream = Command.make("stream").pipe(
  Command.withDescription("Single streams"),
  Command.withSubcommands([show])
)
