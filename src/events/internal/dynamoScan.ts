import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type EventStoreUnavailable, ScanCheckpoint, type ScannedBatch } from "../EventStore.ts"
import type { CommitPage } from "./dynamoReads.ts"

// DynamoDB splits the table by the hashes of the streams, so all commits of one lie in one segment, in order. The number
// of segments stands in every checkpoint: it is fixed.
const segments = 8

// Most commits have less than 1 KB, and a page no more than 1 MB.
const scanBatch = 200

/** Where the scan of a segment stands: at its beginning, after an item (of whatever kind), or at its end. */
const Place = Schema.Union([Schema.Literals(["begin", "end"]), Schema.Tuple([Schema.NonEmptyString, Schema.Finite])])
type Place = typeof Place.Type

const Checkpoint = Schema.fromJsonString(
  Schema.Array(Place).check(Schema.isMinLength(segments), Schema.isMaxLength(segments))
)

const formatPlaces = (places: ReadonlyArray<Place>): ScanCheckpoint => ScanCheckpoint.make(JSON.stringify(places))

// A checkpoint that no log in DynamoDB has given is a mistake of the program.
const parsePlaces = (checkpoint: string): Effect.Effect<ReadonlyArray<Place>> =>
  Schema.decodeEffect(Checkpoint)(checkpoint).pipe(
    Effect.mapError(() => new Error(`${JSON.stringify(checkpoint)} is no checkpoint of a log in DynamoDB`)),
    Effect.orDie
  )

/** Reads a page of a segment. */
export type ReadSegment = (part: {
  readonly Segment: number
  readonly TotalSegments: number
  readonly Limit: number
  readonly ExclusiveStartKey?: { readonly stream: { readonly S: string }; readonly version: { readonly N: string } }
}) => Effect.Effect<CommitPage, EventStoreUnavailable>

const partAt = (place: Place, Segment: number) => ({
  Segment,
  TotalSegments: segments,
  Limit: scanBatch,
  ...(typeof place === "string"
    ? {}
    : { ExclusiveStartKey: { stream: { S: place[0] }, version: { N: String(place[1]) } } })
})

// By the key that DynamoDB names, not by the last commit: a page may have none, and the scan goes on all the same.
const placeAfter = ({ next }: CommitPage): Place =>
  next === undefined ? "end" : [next["stream"]?.S ?? "", Number(next["version"]?.N)]

/** The next page of every segment that isn't at its end, read at once, and where the scan stands after each. */
const scanOn = Effect.fnUntraced(function*(read: ReadSegment, places: ReadonlyArray<Place>) {
  const pages = yield* Effect.forEach(
    places,
    (place, segment) => place === "end" ? Effect.succeed(null) : read(partAt(place, segment)),
    { concurrency: segments }
  )
  const batches: Array<ScannedBatch> = []
  let reached = places
  for (const [segment, page] of pages.entries()) {
    if (page === null) continue
    reached = reached.with(segment, placeAfter(page))
    if (page.commits.length > 0) batches.push({ commits: page.commits, checkpoint: formatPlaces(reached) })
  }
  return [batches, reached.every((place) => place === "end") ? Option.none() : Option.some(reached)] as const
})

/** The whole log, a page of each segment in turn, from where a checkpoint stands or from the beginning. */
export const scanSegments = (
  read: ReadSegment,
  after: ScanCheckpoint = formatPlaces(Array.from({ length: segments }, () => "begin"))
): Stream.Stream<ScannedBatch, EventStoreUnavailable> =>
  Stream.unwrap(
    Effect.map(parsePlaces(after), (places) => Stream.paginate(places, (places) => scanOn(read, places)))
  )
