import * as Schema from "effect/Schema"
import { type Shard, ShardPosition } from "../platform/DynamoStreams.ts"

/** How far a shard has been handled. Times are milliseconds. */
export const Place = Schema.TaggedUnion({
  /** Nothing of it; what came before it was known at `since`. */
  Beginning: { since: Schema.Finite },
  /** Up to a record. */
  After: { sequenceNumber: Schema.String },
  /** All of it, since `at`. */
  Finished: { at: Schema.Finite }
})
export type Place = typeof Place.Type

/** Where there may be more to come. */
export type UnfinishedPlace = Exclude<Place, { readonly _tag: "Finished" }>

/** Places by shard. */
export type Places = ReadonlyMap<string, Place>

/**
 * A stream keeps records for 24 hours, and where a shard begins it doesn't say that the oldest are gone. So a beginning
 * is only trusted for less than that.
 */
const trusted = 20 * 60 * 60 * 1000

/** Where to read a shard from. */
export const positionOf = (place: UnfinishedPlace): ShardPosition =>
  place._tag === "Beginning"
    ? ShardPosition.TrimHorizon()
    : ShardPosition.AfterSequenceNumber({ sequenceNumber: place.sequenceNumber })

/**
 * The present position of a stream: whatever is written from now on comes after it, and perhaps some of what was written
 * before. An iterator at the end of an open shard has no number that could be kept, so an open shard is taken from its
 * beginning: on AWS that is 4 hours ago at most.
 */
export const presentPlaces = (shards: ReadonlyArray<Shard>, now: number): Places => {
  const parents = new Set(shards.map(({ parent }) => parent))
  return new Map(shards.map(({ ending, id }): readonly [string, Place] => {
    // An ending alone doesn't close a shard: dynoxide names one as soon as there are records.
    if (parents.has(id)) return [id, Place.cases.Finished.make({ at: now })]
    if (ending !== null) return [id, Place.cases.After.make({ sequenceNumber: ending })]
    return [id, Place.cases.Beginning.make({ since: now })]
  }))
}

/** What is to be done after the shards of a stream were listed. */
export interface Survey {
  /** Shards that nobody reads and that can be read now: what came before them has been handled. */
  readonly ready: ReadonlyArray<readonly [shard: string, from: UnfinishedPlace]>
  /** Shards that were not known, with their places. */
  readonly found: Places
  /** Shards that are gone and whose places nobody needs any more. */
  readonly forgotten: ReadonlyArray<string>
  /** Why records have been missed, if they have. */
  readonly missed: string | null
}

/** Holds the shards that a stream has against the places that were kept, and those that are being read. */
export const survey = (
  shards: ReadonlyArray<Shard>,
  places: Places,
  isRead: (shard: string) => boolean,
  now: number
): Survey => {
  const listed = new Set(shards.map(({ id }) => id))
  const known = new Map(places)
  const missed: Array<string> = []

  for (const { id, parent } of shards) {
    if (known.has(id)) continue
    const before = parent === null ? undefined : places.get(parent)
    // What comes after a shard that nobody has ever heard of isn't the whole.
    if (parent !== null && before === undefined && !listed.has(parent)) {
      missed.push(`the shard before ${id} is gone, and was not handled`)
    }
    known.set(id, Place.cases.Beginning.make({ since: before?._tag === "Finished" ? before.at : now }))
  }

  const forgotten: Array<string> = []
  for (const [id, { _tag }] of places) {
    if (listed.has(id)) continue
    if (_tag === "Finished") forgotten.push(id)
    else missed.push(`shard ${id} is gone, and was not handled to its end`)
  }

  const ready: Array<readonly [string, UnfinishedPlace]> = []
  for (const { id, parent } of shards) {
    const place = known.get(id)
    if (place === undefined || place._tag === "Finished" || isRead(id)) continue
    if (parent !== null && listed.has(parent) && known.get(parent)?._tag !== "Finished") continue
    if (place._tag === "Beginning" && now - place.since > trusted) missed.push(`shard ${id} was begun too late`)
    ready.push([id, place])
  }

  const found = new Map(Array.from(known).filter(([id]) => !places.has(id)))
  return { ready, found, forgotten, missed: missed[0] ?? null }
}
