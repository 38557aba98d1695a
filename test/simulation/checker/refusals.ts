import { describe, problemIn } from "./answers.ts"
import { tokensOf } from "./freshness.ts"
import type { Positions } from "./positions.ts"
import { promises, type Report } from "./promises.ts"
import type { Read } from "./reads.ts"
import type { Query } from "./requests.ts"

const usualWaitMillis = 2000

/** How long a query waits at most for what its tokens ask for. */
const waitOf = ({ exchange: { request: { headers } } }: Query): number => {
  const asked = /(?:^|[,;\s])wait\s*=\s*(\d+)/.exec(headers["prefer"] ?? "")?.[1]
  return asked === undefined ? usualWaitMillis : Math.min(10, Number(asked)) * 1000
}

// Only while a stream that its tokens ask for is parked before what they ask for.
const checkParked = (query: Query, read: Read, positions: Positions, report: Report): void => {
  const { answer, ended, sent } = query.exchange
  const ticks = positions.instants(read.streams, ({ tick }) => tick > sent.tick && tick <= ended.tick, sent.tick)
  const isExplained = tokensOf(query, read.streams).some(({ stream, version }) =>
    ticks.some((tick) => {
      const position = positions.at(stream, tick)
      return position.parked && position.version < version
    })
  )
  if (!isExplained) {
    report(promises.parkedExplained, `${query.exchange.request.path} got ${describe(answer)}`, query.exchange)
  }
}

// Only for what wasn't there yet when it came, and once it has waited as long as it may. What is parked isn't waited for.
const checkBehind = (query: Query, read: Read, positions: Positions, report: Report): void => {
  const { answer, ended, sent } = query.exchange
  const isMissing = tokensOf(query, read.streams).some(({ stream, version }) =>
    positions.at(stream, sent.tick).version < version
  )
  if (isMissing && ended.at - sent.at >= waitOf(query)) return
  report(
    promises.behindExplained,
    `${query.exchange.request.path} got ${describe(answer)} after ${ended.at - sent.at} ms`,
    query.exchange
  )
}

/** A query with tokens is refused only for what its tokens ask for. */
export const checkRefusal = (query: Query, read: Read, positions: Positions, report: Report): void => {
  const { answer } = query.exchange
  const problem = answer?.status === 503 ? problemIn(answer.body) : null
  if (problem === "projection-parked") checkParked(query, read, positions, report)
  if (problem === "read-model-behind") checkBehind(query, read, positions, report)
}
