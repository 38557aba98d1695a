import { whole } from "../report/numbers.ts"
import { readsOfMonth, type VisibilityReport } from "../stack/VisibilityReport.ts"

/** How soon a comment can be seen, and what asking for it that often means. */
export const visibilityNotes = ({ max, p50, p99, pollInterval, posts }: VisibilityReport): ReadonlyArray<string> => [
  `From a post's answer to its being visible, ${posts} posts through the stack's entry: p50 ${p50.toFixed(1)} ms, p99 ${
    p99.toFixed(1)
  } ms, at most ${max.toFixed(1)} ms. The poller asks each shard every ${pollInterval} ms; on AWS that would be ${
    whole(readsOfMonth(pollInterval))
  } GetRecords calls a month for each shard, each charged as a streams read request unit (Lambda's own polling isn't).`
]
