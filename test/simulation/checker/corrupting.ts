import { Predicate } from "effect"
import type { Exchange, FinalRows, History, LoggedCommit, ReceivedAnswer } from "../history/History.ts"

/** A small change of a history. */
export type Corrupt = (history: History) => History

/** The exchange of a number, otherwise than it was. */
export const exchange = (number: number, change: (exchange: Exchange) => Exchange): Corrupt => (history) => ({
  ...history,
  exchanges: history.exchanges.map((one) => one.number === number ? change(one) : one)
})

export const answer = (number: number, change: (answer: ReceivedAnswer) => ReceivedAnswer): Corrupt =>
  exchange(number, (one) => one.answer === null ? one : { ...one, answer: change(one.answer) })

export const status = (number: number, status: number, name: string): Corrupt =>
  answer(number, ({ headers }) => ({ status, headers, body: { type: `/problems/${name}`, status } }))

export const header = (number: number, name: string, value: string | undefined): Corrupt =>
  answer(number, (one) => {
    const { [name]: _left, ...headers } = one.headers
    return { ...one, headers: value === undefined ? headers : { ...headers, [name]: value } }
  })

/** Some properties of an answer's body, otherwise than they were. */
export const body = (number: number, properties: Record<string, unknown>): Corrupt =>
  answer(
    number,
    (one) => ({ ...one, body: Predicate.isObject(one.body) ? { ...one.body, ...properties } : properties })
  )

/** The answer of one exchange, given to another. */
export const answerOf = (from: number, to: number): Corrupt => (history) => {
  const given = history.exchanges[from]?.answer ?? null
  return exchange(to, (one) => ({ ...one, answer: given }))(history)
}

/** The log with its commits in another form: each becomes some. */
export const log =
  (change: (commit: LoggedCommit, place: number) => ReadonlyArray<LoggedCommit>): Corrupt => (history) => ({
    ...history,
    log: history.log.flatMap(change)
  })

/** The event of a commit, otherwise than it was. */
export const event = (place: number, properties: Record<string, unknown>): Corrupt =>
  log((one, at) =>
    at !== place ? [one] : [{
      ...one,
      commit: {
        ...one.commit,
        events: one.commit.events.map((raw) => Predicate.isObject(raw) ? { ...raw, ...properties } : raw)
      }
    }]
  )

export const rows = (change: (rows: FinalRows) => Partial<FinalRows>): Corrupt => (history) => ({
  ...history,
  rows: { ...history.rows, ...change(history.rows) }
})

export const both = (one: Corrupt, other: Corrupt): Corrupt => (history) => other(one(history))

/** A request that was sent once more, with another answer, at the end. */
export const again = (number: number, change: (exchange: Exchange) => Exchange): Corrupt => (history) => {
  const one = history.exchanges[number]
  const last = history.exchanges.at(-1)?.ended.tick ?? 0
  if (one === undefined) return history
  const next = {
    ...one,
    number: history.exchanges.length,
    sent: { tick: last + 1000, at: one.sent.at + 1e6 },
    ended: { tick: last + 1001, at: one.sent.at + 1e6 }
  }
  return { ...history, exchanges: [...history.exchanges, change(next)] }
}
