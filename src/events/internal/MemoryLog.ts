import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import type { CommentId, Version } from "../../domain/ids.ts"
import type { EncodedCommit } from "../Commit.ts"

/** A commit as it lies in memory: JSON, so that nothing gets into the store that another one couldn't hold. */
export interface MemoryRow extends Pick<EncodedCommit, "id" | "stream" | "version" | "lastVersion"> {
  readonly eventsJson: string
  readonly snapshotJson: string | null
}

const decoded = ({ eventsJson, id, lastVersion, snapshotJson, stream, version }: MemoryRow): EncodedCommit => ({
  id,
  stream,
  version,
  lastVersion,
  events: JSON.parse(eventsJson),
  snapshot: snapshotJson === null ? null : JSON.parse(snapshotJson)
})

const makeMemoryLog = () => {
  const log: Array<MemoryRow> = []
  const streams = new Map<CommentId, Array<MemoryRow>>()
  let commitsRead = 0
  const read = (rows: ReadonlyArray<MemoryRow>): ReadonlyArray<EncodedCommit> => {
    commitsRead += rows.length
    return rows.map(decoded)
  }
  return {
    /** Puts a commit at its place, unless there is one: then nothing changes, and that one is given back. */
    put: (row: MemoryRow): EncodedCommit | null => {
      const rows = streams.get(row.stream) ?? []
      const after = rows.findLastIndex(({ version }) => version <= row.version)
      const occupant = rows[after]
      if (occupant?.version === row.version) return decoded(occupant)
      rows.splice(after + 1, 0, row)
      streams.set(row.stream, rows)
      log.push(row)
      return null
    },
    /** The commit whose first event has this version. */
    at: (stream: CommentId, version: Version): EncodedCommit | null => {
      const row = streams.get(stream)?.findLast((row) => row.version === version)
      return row === undefined ? null : decoded(row)
    },
    newestFirst: (stream: CommentId, before: Version | null, limit: number): ReadonlyArray<EncodedCommit> => {
      const rows = streams.get(stream) ?? []
      const end = before === null ? rows.length : rows.findLastIndex(({ version }) => version < before) + 1
      return read(rows.slice(Math.max(0, end - limit), end).toReversed())
    },
    oldestFirst: (stream: CommentId, from: Version, limit: number): ReadonlyArray<EncodedCommit> => {
      const rows = streams.get(stream) ?? []
      const start = rows.findIndex(({ lastVersion }) => lastVersion >= from)
      return start === -1 ? [] : read(rows.slice(start, start + limit))
    },
    /** In the order of their arrival. */
    inOrder: (after: number, limit: number): ReadonlyArray<EncodedCommit> =>
      read(limit > 0 ? log.slice(after, after + limit) : []),
    length: (): number => log.length,
    /** How many commits have been handed out. */
    commitsRead: (): number => commitsRead
  }
}

/** What lies in a store in memory. Tests look at it, and plant in it what the store itself would never write. */
export class MemoryLog extends Context.Service<MemoryLog, ReturnType<typeof makeMemoryLog>>()(
  "marginalia/events/internal/MemoryLog"
) {
  static readonly layer = Layer.sync(MemoryLog, makeMemoryLog)
}
