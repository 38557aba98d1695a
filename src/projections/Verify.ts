import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import { type CommentId, Version } from "../domain/ids.ts"
import type { EventStoreUnavailable, ScannedBatch } from "../events/EventStore.ts"
import { EventStore } from "../events/EventStore.ts"
import { Difference } from "./Difference.ts"
import { ProjectionUnavailable } from "./ProjectionUnavailable.ts"
import type { SeenHead } from "./verifying.ts"
import { compare, headsOf, miscounted, positionedStreams, readRows } from "./verifying.ts"

/** How far a comparison has come. */
export interface VerifyProgress {
  /** Commits that were read. */
  readonly commits: number
  /** Streams that were seen. */
  readonly streams: number
  /** What was found since the progress before. Differences of streams come with the last one, once they are certain. */
  readonly differences: ReadonlyArray<Difference>
}

// Streams are looked at again in pieces of this size.
const pieceSize = 500

/** What one comparison remembers. Only streams that differ stay in it, and those that the scan is in the middle of. */
const makeVerification = (sql: SqlClient.SqlClient) => {
  const suspects = new Map<CommentId, SeenHead>()
  let commitsRead = 0
  let streamsSeen = 0

  const lookAt = Effect.fnUntraced(function*(heads: ReadonlyMap<CommentId, SeenHead>) {
    const rows = new Map((yield* readRows(sql, heads.keys())).map((row) => [row.stream, row]))
    return Array.from(heads.values(), (head) => ({ head, difference: compare(head, rows.get(head.stream)) }))
  })

  // A stream that differs may have gone on in the log, or in the read model, or have more of it in the next batch.
  const batch = Effect.fnUntraced(function*({ commits }: ScannedBatch) {
    for (const { difference, head } of yield* lookAt(headsOf(commits))) {
      if (difference === undefined) suspects.delete(head.stream)
      else suspects.set(head.stream, head)
    }
    commitsRead += commits.length
    streamsSeen += commits.filter(({ version }) => version === 1).length
    return { commits: commitsRead, streams: streamsSeen, differences: [] } satisfies VerifyProgress
  })

  // Where the log has a suspect now, read strongly: what the scan saw may be older than what the read model has.
  const recheck = Effect.fnUntraced(function*(store: EventStore["Service"], head: SeenHead) {
    let newest = head
    while (true) {
      const commits = yield* store.readStream(head.stream, { from: Version.make(newest.version + 1), limit: 100 })
      const next = headsOf(commits).get(head.stream)
      if (next === undefined) return newest
      newest = next
    }
  })

  const conclusion = Effect.fnUntraced(function*(store: EventStore["Service"]) {
    const differences: Array<Difference> = []
    const heads = Array.from(suspects.values())
    for (let start = 0; start < heads.length; start += pieceSize) {
      const piece = yield* Effect.forEach(heads.slice(start, start + pieceSize), (head) => recheck(store, head), {
        concurrency: 8
      })
      for (const { difference } of yield* lookAt(new Map(piece.map((head) => [head.stream, head])))) {
        if (difference !== undefined) differences.push(difference)
      }
    }
    for (const counts of yield* miscounted(sql)) differences.push(Difference.WrongCount(counts))
    const [positioned] = yield* positionedStreams(sql)
    // Streams that were begun after the scan have a position too, so this is only sure while nobody posts.
    const unlogged = (positioned?.streams ?? 0) - streamsSeen
    if (unlogged > 0) differences.push(Difference.Unlogged({ streams: unlogged }))
    return { commits: commitsRead, streams: streamsSeen, differences } satisfies VerifyProgress
  })

  return { batch, conclusion }
}

const make = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const store = yield* EventStore
  const unavailable = Effect.mapError((cause: unknown) => new ProjectionUnavailable({ cause }))
  return Verify.of({
    run: Stream.suspend(() => {
      const { batch, conclusion } = makeVerification(sql)
      return Stream.concat(
        Stream.mapEffect(store.readAll(), (scanned) => unavailable(batch(scanned))),
        Stream.fromEffect(unavailable(conclusion(store)))
      )
    })
  })
})

/** Compares the read model with the log: every stream's head with its position and rows, every count with the comments. */
export class Verify extends Context.Service<Verify, {
  /**
   * Tells how far it has come after each batch; the last element brings the differences. Changes nothing. What is
   * projected meanwhile doesn't disturb it, but for the number of streams without a commit, which is right only while
   * nobody posts.
   */
  readonly run: Stream.Stream<VerifyProgress, EventStoreUnavailable | ProjectionUnavailable>
}>()("marginalia/projections/Verify") {
  static readonly layer: Layer.Layer<Verify, never, SqlClient.SqlClient | EventStore> = Layer.effect(this, make)
}
