import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Array, Effect, Stream } from "effect"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import { commitKey } from "../../../src/events/dynamoCommits.ts"
import { type ReadSegment, scanSegments } from "../../../src/events/internal/dynamoScan.ts"
import { elementOf, integer } from "../../support/arbitraries.ts"
import { commit, edited, posted, stream } from "../../support/encodedCommits.ts"

const isKeyOf = (key: ReturnType<typeof commitKey>, { stream, version }: EncodedCommit) =>
  JSON.stringify(commitKey(stream, version)) === JSON.stringify(key)

/** Segments as DynamoDB reads them: pages of up to `Limit`, now and then an empty one, and an end that may come late. */
const reading = (
  segments: ReadonlyArray<ReadonlyArray<EncodedCommit>>,
  endsLate: boolean,
  isForeign: (commit: EncodedCommit) => boolean = () => false
): ReadSegment =>
(part) =>
  Effect.sync(() => {
    const { ExclusiveStartKey: key, Limit, Segment, TotalSegments } = part
    assert.strictEqual(TotalSegments, 8)
    const all = segments[Segment] ?? []
    const start = key === undefined ? 0 : all.findIndex((commit) => isKeyOf(key, commit)) + 1
    const commits = all.slice(start, start + Limit)
    const last = commits.at(-1)
    const isFull = endsLate ? commits.length === Limit : start + Limit < all.length
    return {
      commits: commits.filter((commit) => !isForeign(commit)),
      next: isFull && last !== undefined ? commitKey(last.stream, last.version) : undefined
    }
  })

/** So many commits, in streams of 7. */
const segmentOf = (segment: number, size: number): ReadonlyArray<EncodedCommit> =>
  Array.makeBy(size, (n) => {
    const version = 1 + n % 7
    return commit(stream(segment * 1000 + Math.floor(n / 7)), version, version === 1 ? posted("a") : edited("b"))
  })

const sizes = Arbitrary.array(Arbitrary.map(integer(0, 450), (n) => n % 5 === 0 ? Math.floor(n / 200) * 200 : n), {
  minLength: 8,
  maxLength: 8
})

const scanned = (...scan: Parameters<typeof scanSegments>) => Stream.runCollect(scanSegments(...scan))

const sorted = (batches: ReadonlyArray<{ readonly commits: ReadonlyArray<EncodedCommit> }>) =>
  batches.flatMap(({ commits }) => commits).toSorted((one, other) =>
    one.stream === other.stream ? one.version - other.version : one.stream < other.stream ? -1 : 1
  )

describe("A scan in segments", () => {
  it.effect("goes on past pages of nothing but items that are no commits", () =>
    Effect.gen(function*() {
      const segments = Array.makeBy(8, (segment) => segmentOf(segment, 450))
      const isForeign = ({ stream }: EncodedCommit) =>
        segments[3]?.slice(0, 399).some((one) => one.stream === stream) === true
      const batches = yield* scanned(reading(segments, false, isForeign))
      assert.deepStrictEqual(sorted(batches), segments.flat().filter((commit) => !isForeign(commit)))
    }))

  it.effect.prop(
    "gives every commit once, each stream in order, and what is left from each of its checkpoints",
    { sizes, endsLate: elementOf(false, true) },
    ({ endsLate, sizes }) =>
      Effect.gen(function*() {
        const segments = sizes.map((size, segment) => segmentOf(segment, size))
        const read = reading(segments, endsLate)
        const batches = yield* scanned(read)
        assert.deepStrictEqual(sorted(batches), segments.flat())
        for (const [segment, commits] of segments.entries()) {
          const its = batches.flatMap(({ commits }) => commits).filter((one) =>
            commits.some(({ stream }) => stream === one.stream)
          )
          assert.deepStrictEqual(its, commits, `segment ${segment}`)
        }
        for (const [index, { checkpoint }] of batches.entries()) {
          const rest = yield* scanned(read, checkpoint)
          assert.deepStrictEqual(sorted(rest), sorted(batches.slice(index + 1)))
        }
      }),
    { arbitrary: { runs: 15 } }
  )
})
