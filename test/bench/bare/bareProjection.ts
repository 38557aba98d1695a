import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { TailCheckpoint } from "../../../src/events/EventTail.ts"
import { saveCheckpoint } from "../../../src/projections/checkpoints.ts"
import { raiseCounters } from "../../../src/projections/counters.ts"
import { insertPositions, lockPositions, readPositions } from "../../../src/projections/positions.ts"
import { writeRows } from "../../../src/projections/rows.ts"
import type { BareDatabase } from "./bareDatabase.ts"
import { type BareCommit, bareLog } from "./bareLog.ts"

type Changes = Parameters<typeof writeRows>[1]
type Positions = Effect.Success<ReturnType<typeof lockPositions>>

/** The program saves its checkpoint once a second. */
const saveInterval = 1000

const historyOf = ({ events, stream, version }: BareCommit): Changes["history"] =>
  events.map(({ at, data, type }) => ({ commentId: stream, version, type, at, text: data.text }))

const countIn = <Id>(counts: Map<Id, number>, id: Id | null | undefined) => {
  if (id !== null && id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1)
}

// The sets that the program makes of a batch, without any of its checks: each commit has one event.
const changesOf = (batch: ReadonlyArray<BareCommit>, positions: Positions): Changes => {
  const last = Array.from(new Map(batch.map((commit) => [commit.stream, commit])).values())
  const posted: Array<Changes["posted"][number]> = []
  const changed: Array<Changes["changed"][number]> = []
  const reached: Array<Changes["positions"][number]> = []
  const pictures = new Map<NonNullable<Changes["positions"][number]["pictureId"]>, number>()
  const authors = new Map<NonNullable<Changes["positions"][number]["authorId"]>, number>()
  for (const { events, stream, version } of last) {
    const { at, data, type } = events[0] ?? {}
    if (at === undefined || data === undefined) continue
    const pictureId = data.pictureId ?? positions.get(stream)?.pictureId ?? null
    const authorId = data.authorId ?? positions.get(stream)?.authorId ?? null
    reached.push({ stream, version, pictureId, authorId })
    if (type === "CommentEdited") {
      changed.push({ id: stream, version, text: data.text, editedAt: at, deletedAt: null })
      continue
    }
    posted.push({
      id: stream,
      pictureId,
      authorId,
      text: data.text,
      version,
      createdAt: at,
      editedAt: null,
      deletedAt: null
    })
    countIn(pictures, pictureId)
    countIn(authors, authorId)
  }
  return { posted, changed, history: batch.flatMap(historyOf), positions: reached, pictures, authors }
}

const project = Effect.fnUntraced(function*(sql: SqlClient.SqlClient, batch: ReadonlyArray<BareCommit>) {
  const streams = Array.from(new Set(batch.map(({ stream }) => stream)))
  const known = yield* readPositions(sql, streams)
  yield* sql.withTransaction(Effect.gen(function*() {
    const missing = streams.filter((stream) => !known.has(stream))
    const made: Positions = missing.length > 0 ? yield* insertPositions(sql, missing) : new Map()
    const rest = streams.filter((stream) => !made.has(stream))
    const positions = rest.length > 0 ? new Map([...made, ...yield* lockPositions(sql, rest)]) : made
    const changes = changesOf(batch, positions)
    if (changes.pictures.size > 0) yield* raiseCounters(sql, changes.pictures, changes.authors)
    yield* writeRows(sql, changes)
  }))
})

/** Brings what is appended into the read model, in the background. */
export interface BareProjection {
  /** Something was appended. */
  readonly wake: () => void
  /** Resolves once all of it is in the read model. */
  readonly settled: () => Promise<void>
}

/**
 * Follows the bare log as the standalone program follows its own: it reads up to 500 commits, reads their positions, and in
 * one transaction adds positions or locks them, adds to the counters and writes the rows as sets; then again, as
 * long as there is more. All statements but the tail's are the projector's own functions. It decodes and checks nothing.
 */
export const startBareProjection = ({ run, sql }: BareDatabase): BareProjection => {
  const log = bareLog(sql)
  let place = { transactionId: "0", position: "0" }
  let savedAt = performance.now()
  let wanted = false
  let working: Promise<void> | null = null

  const advance = Effect.gen(function*() {
    const batch = yield* log.tail(place.transactionId, place.position)
    const last = batch.at(-1)
    if (last === undefined) return false
    yield* project(sql, batch)
    place = last
    if (performance.now() - savedAt > saveInterval) {
      yield* saveCheckpoint(sql, "read-model", TailCheckpoint.make(`${place.transactionId}:${place.position}`))
      savedAt = performance.now()
    }
    return true
  })

  const follow = async (): Promise<void> => {
    wanted = false
    await run(Effect.repeat(advance, { while: (found) => found }))
    if (wanted) return follow()
    working = null
  }

  return {
    wake: () => {
      wanted = true
      working ??= follow()
    },
    settled: () => working ?? Promise.resolve()
  }
}
