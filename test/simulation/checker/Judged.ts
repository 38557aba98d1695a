import type { CommentId } from "../../../src/domain/ids.ts"
import type { History } from "../history/History.ts"
import { attribute, type Attribution } from "./attribution.ts"
import { type Bounds, boundsIn } from "./bounds.ts"
import { type Commit, readLog, type Stream } from "./log.ts"
import { ownCommits } from "./ownCommits.ts"
import type { Report } from "./promises.ts"
import { askedIn, type Command, type Query, type StatusQuery } from "./requests.ts"

/** A history with what all rules need to know of it. */
export interface Judged {
  readonly history: History
  readonly commands: ReadonlyArray<Command>
  readonly statuses: ReadonlyArray<StatusQuery>
  readonly queries: ReadonlyArray<Query>
  readonly streams: ReadonlyMap<CommentId, Stream>
  readonly attribution: Attribution
  /** The commits that commands' own answers tell of, as the first to do so. */
  readonly own: ReadonlyMap<Command, Commit>
  readonly bounds: ReadonlyMap<CommentId, Bounds>
}

/** Reads a history; what can't be made out of its log is reported. */
export const judged = (history: History, report: Report): Judged => {
  const asked = history.exchanges.map(askedIn).filter((one) => one !== null)
  const commands = asked.filter((one) => one._tag === "Command")
  const streams = readLog(history, report)
  const attribution = attribute(streams, commands, report)
  return {
    history,
    commands,
    statuses: asked.filter((one) => one._tag === "StatusQuery"),
    queries: asked.filter((one) => one._tag === "Query"),
    streams,
    attribution,
    own: ownCommits(commands, streams, attribution),
    bounds: boundsIn(streams, attribution, history.exchanges)
  }
}
