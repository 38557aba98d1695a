import type { CommentId } from "../../../src/domain/ids.ts"
import type { Exchange } from "../history/History.ts"
import { commentIn, reflectedIn } from "./answers.ts"
import type { Attribution } from "./attribution.ts"
import type { Stream } from "./log.ts"

/** Between which ticks each version of a stream came to be. */
export interface Bounds {
  /** `earliest[n]`: before this tick version n wasn't there. */
  readonly earliest: ReadonlyArray<number>
  /** `latest[n]`: from this tick on version n was there. */
  readonly latest: ReadonlyArray<number>
}

/** When some answer showed a version at the earliest, by stream. */
type Shown = ReadonlyMap<CommentId, ReadonlyMap<number, number>>

const shownIn = (exchanges: ReadonlyArray<Exchange>): Shown => {
  const shown = new Map<CommentId, Map<number, number>>()
  const see = (id: CommentId, version: number, tick: number) => {
    const ofStream = shown.get(id) ?? new Map<number, number>()
    shown.set(id, ofStream)
    ofStream.set(version, Math.min(tick, ofStream.get(version) ?? Infinity))
  }
  for (const { answer, ended } of exchanges) {
    if (answer === null || answer.status >= 500) continue
    const reflected = reflectedIn(answer)
    if (reflected !== null) see(reflected.stream, reflected.version, ended.tick)
    const comment = answer.headers["etag"] === undefined ? null : commentIn(answer.body)
    if (comment !== null) see(comment.id, comment.version, ended.tick)
  }
  return shown
}

const boundsOf = (stream: Stream, attribution: Attribution, shown: ReadonlyMap<number, number> | undefined): Bounds => {
  const earliest = stream.comments.map(() => 0)
  const latest = stream.comments.map((_, version) => version === 0 ? 0 : shown?.get(version) ?? Infinity)
  for (const commit of stream.commits) {
    const sent = (attribution.makers.get(commit)?.commands ?? []).map(({ exchange }) => exchange.sent.tick)
    for (const { version } of commit.events) {
      earliest[version] = commit.landed ?? (sent.length === 0 ? 0 : Math.min(...sent))
      if (commit.landed !== null) latest[version] = commit.landed
    }
  }
  for (let version = 1; version < earliest.length; version++) {
    earliest[version] = Math.max(earliest[version] ?? 0, earliest[version - 1] ?? 0)
  }
  for (let version = latest.length - 2; version >= 0; version--) {
    latest[version] = Math.min(latest[version] ?? Infinity, latest[version + 1] ?? Infinity)
  }
  return { earliest, latest }
}

/** Bounds of all streams: the ticks themselves where they were seen, else what requests and answers tell. */
export const boundsIn = (
  streams: ReadonlyMap<CommentId, Stream>,
  attribution: Attribution,
  exchanges: ReadonlyArray<Exchange>
): ReadonlyMap<CommentId, Bounds> => {
  const shown = shownIn(exchanges)
  return new Map(Array.from(streams, ([id, stream]) => [id, boundsOf(stream, attribution, shown.get(id))]))
}

// The first index from which on `isReached` holds, which holds for all after it.
const firstWhere = (length: number, isReached: (index: number) => boolean): number => {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isReached(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** The versions, both ends included, that a stream can have been at between two ticks. */
export const versionsBetween = (
  { earliest, latest }: Bounds,
  from: number,
  to: number
): { readonly lowest: number; readonly highest: number } => ({
  lowest: Math.max(0, firstWhere(latest.length, (version) => (latest[version] ?? 0) > from) - 1),
  highest: firstWhere(earliest.length, (version) => (earliest[version] ?? 0) > to) - 1
})
