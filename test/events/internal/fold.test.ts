import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import { encodeCommit } from "../../../src/events/EventCodec.ts"
import { newStream } from "../../../src/events/Head.ts"
import { fold, Folded } from "../../../src/events/internal/fold.ts"
import { makeHead } from "../../../src/events/internal/head.ts"
import { loadHead, type ReadNewest } from "../../../src/events/internal/load.ts"
import { encodeSnapshot } from "../../../src/events/SnapshotCodec.ts"
import { snapshotEvery } from "../../../src/events/snapshotPolicy.ts"
import { elementOf } from "../../support/arbitraries.ts"
import { type History, history } from "../../support/histories.ts"

/** The stream, oldest first, with snapshots in the commits that are picked. */
const encoded = (
  { commits, heads }: History,
  picked: (index: number) => boolean,
  snapshot: (...of: Parameters<typeof encodeSnapshot>) => unknown = encodeSnapshot
): ReadonlyArray<EncodedCommit> =>
  commits.map((commit, index) => {
    const { id, stream, version, lastVersion, events } = encodeCommit(commit)
    const state = heads[index + 1]?.state ?? heads[0].state
    return { id, stream, version, lastVersion, events, snapshot: picked(index) ? snapshot(state, events) : null }
  })

/** A store that answers queries from a list, and remembers them. */
const storeOf = (commits: ReadonlyArray<EncodedCommit>, stale: ReadonlyArray<EncodedCommit> = commits) => {
  const queries: Array<string> = []
  const read: ReadNewest<never> = ({ before, consistency, limit }) =>
    Effect.sync(() => {
      queries.push(`${consistency} before ${before}`)
      return (consistency === "strong" ? commits : stale)
        .filter(({ version }) => before === null || version < before)
        .slice(-limit)
        .toReversed()
    })
  return { read, queries }
}

const every = elementOf(1, 2, 3, 5, 8, 100)

describe("folding a stream", () => {
  it.effect.prop(
    "gives the same state from any snapshot as from the first event",
    { history, every },
    ({ every, history }) =>
      Effect.gen(function*() {
        const commits = encoded(history, (index) => index % every === every - 1)
        for (const [index, head] of history.heads.entries()) {
          const { read } = storeOf(commits.slice(0, index))
          const loaded = yield* loadHead(read, history.stream, "eventual")
          assert.deepStrictEqual(loaded, makeHead(history.stream, head.state, index % every))
        }
      })
  )

  it.effect.prop(
    "notices any commit that is missing, and asks strongly then",
    { history },
    ({ history }) =>
      Effect.gen(function*() {
        const commits = encoded(history, () => false)
        for (const missing of commits.keys()) {
          const { queries, read } = storeOf(commits, commits.toSpliced(missing, 1))
          const loaded = yield* loadHead(read, history.stream, "eventual")
          const isSeen = missing < commits.length - 1
          const seen = isSeen ? commits.length : missing
          assert.deepStrictEqual(loaded, makeHead(history.stream, history.heads[seen]?.state ?? loaded.state, seen))
          assert.strictEqual(queries.some((query) => query.startsWith("strong")), isSeen)
        }
      })
  )

  it.effect.prop(
    "reports a log that lacks a commit on a strong load too",
    { history },
    ({ history }) =>
      Effect.gen(function*() {
        const commits = encoded(history, () => false)
        for (const [index, { version }] of commits.slice(0, -1).entries()) {
          const { read } = storeOf(commits.toSpliced(index, 1))
          const { reason, version: missing } = yield* Effect.flip(loadHead(read, history.stream, "strong"))
          assert.strictEqual(reason, "no commit holds this version")
          assert.isTrue(missing >= version && missing < (commits[index + 1]?.version ?? 0))
        }
      })
  )

  it.effect.prop(
    "reads older commits only until it finds a snapshot",
    { history },
    ({ history }) =>
      Effect.gen(function*() {
        const commits = encoded(history, (index) => index === 3)
        const { queries, read } = storeOf(commits)
        yield* loadHead(read, history.stream, "eventual")
        const pages = commits.length <= snapshotEvery ? 1 : Math.ceil((commits.length - 3) / snapshotEvery)
        assert.strictEqual(queries.length, pages)
      })
  )

  it.effect.prop("passes over snapshots of other schema numbers", { history }, ({ history }) =>
    Effect.gen(function*() {
      const foreign = encoded(history, () => true, () => ({ schema: 2, is: "new" }))
      const loaded = yield* loadHead(storeOf(foreign).read, history.stream, "eventual")
      const last = history.heads.at(-1) ?? history.heads[0]
      assert.deepStrictEqual(loaded, makeHead(history.stream, last.state, foreign.length))
    }))

  it.effect.prop("begins with nothing", { history }, ({ history: { stream } }) =>
    Effect.sync(() => {
      assert.deepStrictEqual(fold(stream, []), Result.succeed(Folded.Complete({ head: newStream(stream) })))
    }))
})
