import { Effect } from "effect"
import type { CommentId } from "../../../src/domain/ids.ts"
import type { Exchange, FinalRows, History } from "../../simulation/history/History.ts"
import { readLog } from "./log.ts"
import { readRows } from "./rows.ts"

/** The streams that there are, in the log or in the read model. */
export const knownStreams = Effect.gen(function*() {
  const streams = (yield* readLog).map(({ stream }) => stream)
  return new Set([...streams, ...(yield* readRows).positions.map(({ stream }) => stream)])
})

const startingWith = <Id extends string>(prefix: string, counts: ReadonlyMap<Id, number>): ReadonlyMap<Id, number> =>
  new Map(Array.from(counts).filter(([id]) => id.startsWith(prefix)))

const without = (known: ReadonlySet<CommentId>, scenario: string, rows: FinalRows): FinalRows => ({
  comments: rows.comments.filter(({ id }) => !known.has(id)),
  history: rows.history.filter(({ id }) => !known.has(id)),
  positions: rows.positions.filter(({ stream }) => !known.has(stream)),
  pictures: startingWith(`${scenario}:`, rows.pictures),
  authors: startingWith(`${scenario}|`, rows.authors)
})

/**
 * What is to be judged of a scenario: what its people were answered, and what there is now of the log and the read model that
 * wasn't there before it.
 */
export const takeEvidence = Effect.fnUntraced(function*(
  { before, exchanges, scenario }: {
    readonly scenario: string
    readonly before: ReadonlySet<CommentId>
    readonly exchanges: ReadonlyArray<Exchange>
  }
) {
  const log = yield* readLog
  const history: History = {
    exchanges,
    log: log.filter(({ stream }) => !before.has(stream)).map((commit) => ({ commit, landed: null })),
    positions: null,
    rows: without(before, scenario, yield* readRows),
    rowsAfterRedrive: null,
    poisoned: new Map(),
    foreign: new Set(),
    cached: [],
    held: {}
  }
  return history
})
