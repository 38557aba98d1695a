import { Effect, Stream } from "effect"
import type { CommentId } from "../../../src/domain/ids.ts"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import { EventStore } from "../../../src/events/EventStore.ts"

/** The whole log, by stream and version. */
export const readLog = EventStore.use(({ readAll }) =>
  readAll().pipe(
    Stream.runFold(
      (): Array<EncodedCommit> => [],
      (log, { commits }) => {
        log.push(...commits)
        return log
      }
    ),
    Effect.map((log) =>
      log.toSorted((one, other) =>
        one.stream === other.stream ? one.version - other.version : one.stream < other.stream ? -1 : 1
      )
    )
  )
)

/** Where each stream of a log ends. */
export const headsIn = (log: ReadonlyArray<EncodedCommit>): ReadonlyMap<CommentId, number> =>
  new Map(log.map(({ lastVersion, stream }) => [stream, lastVersion]))
