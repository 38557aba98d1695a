import { assert, describe, it } from "@effect/vitest"
import { Effect, Metric, Result } from "effect"
import { toAttributes } from "../../src/events/dynamoAttributes.ts"
import { commitItem } from "../../src/events/dynamoCommits.ts"
import { decodeCommit } from "../../src/events/EventCodec.ts"
import { recordsPassedOver } from "../../src/projections/metrics.ts"
import { commitsIn, decodeStreamRecord } from "../../src/projections/streamRecords.ts"
import { commit, logs, posted, stream } from "../support/encodedCommits.ts"
import { quiet } from "../support/projection.ts"
import { type LambdaRecord, recordOf, recordsOf, sequenceNumber } from "../support/streamRecords.ts"

const item = commitItem(commit(stream(1), 3, posted("one")))

const read = (record: unknown) => Result.getOrThrow(decodeStreamRecord(record))

/** What the projector gets of a damaged item. */
const salvaged = (record: LambdaRecord) => {
  const { commit, passedOver } = read(record)
  assert.isNull(passedOver)
  assert(commit !== null)
  assert.isTrue(Result.isFailure(decodeCommit(commit)))
  return { stream: commit.stream, version: commit.version, lastVersion: commit.lastVersion }
}

describe("A record of the table's stream", () => {
  it.effect.prop(
    "gives back the commit that was appended, snapshot and all",
    { log: logs },
    ({ log }) =>
      Effect.sync(() => {
        const packed = log.map((commit) => ({ ...commit, snapshot: { schema: 1, packed: "q83vEjRWeJA" } }))
        assert.deepStrictEqual(
          recordsOf(packed).map(read),
          packed.map((commit, n) => ({ sequenceNumber: sequenceNumber(n), commit, passedOver: null }))
        )
      })
  )

  it("reads the same as the SDK gives it, with binary as bytes", () => {
    const appended = { ...commit(stream(1), 1, posted("one")), snapshot: { schema: 1, packed: "q83vEjRWeJA" } }
    const record = recordOf(0, commitItem(appended))
    const sdk = { ...record, dynamodb: { ...record.dynamodb, NewImage: commitItem(appended) } }
    assert.deepStrictEqual(read(sdk), read(record))
  })

  it("is parked where it is damaged, as long as its place can be read", () => {
    const place = { stream: stream(1), version: 3, lastVersion: 3 }
    const damaged = [
      { ...item, events: { S: "none" } },
      { ...item, id: { S: "nobody" } },
      { ...item, last: { N: "2" } },
      { stream: item["stream"] ?? { NULL: true as const }, version: item["version"] ?? { NULL: true as const } }
    ]
    for (const one of damaged) assert.deepStrictEqual(salvaged(recordOf(0, one)), place)
  })

  it("is parked where the stream carries keys only", () => {
    const record = recordOf(0, item)
    const { NewImage: _, ...keysOnly } = record.dynamodb
    assert.deepStrictEqual(salvaged({ ...record, dynamodb: keysOnly }), {
      stream: stream(1),
      version: 3,
      lastVersion: 3
    })
  })

  it("keeps what was damaged, for whoever looks why", () => {
    const { commit } = read(recordOf(0, { ...item, events: { S: "none" } }))
    assert.include(JSON.stringify(commit?.events), "\"events\":\"none\"")
  })

  it("is passed over where it is no append, or not in the stream of a comment", () => {
    const foreign = toAttributes({ stream: "a note", version: 1 })
    const nowhere = toAttributes({ stream: stream(1), version: 0.5 })
    const { dynamodb: modified } = recordOf(0, item, "MODIFY")
    assert.strictEqual(modified.SequenceNumber, sequenceNumber(0))
    assert.deepStrictEqual(
      [recordOf(0, item, "MODIFY"), recordOf(1, item, "REMOVE"), recordOf(2, foreign), recordOf(3, nowhere)].map(read),
      [
        "MODIFY is not an append",
        "REMOVE is not an append",
        ...Array.from(
          { length: 2 },
          () => "the item is not in the stream of a comment"
        )
      ].map((passedOver, n) => ({ sequenceNumber: sequenceNumber(n), commit: null, passedOver }))
    )
  })

  it("is refused where it is no record at all", () => {
    for (
      const record of [null, {}, { eventName: "INSERT" }, { eventName: "INSERT", dynamodb: { SequenceNumber: "" } }]
    ) {
      assert.isTrue(Result.isFailure(decodeStreamRecord(record)))
    }
  })

  it.effect("is counted when it is passed over", () =>
    Effect.gen(function*() {
      const before = yield* Metric.value(recordsPassedOver)
      const records = [recordOf(0, item), recordOf(1, item, "REMOVE"), recordOf(2, item)]
      assert.lengthOf(yield* commitsIn(records), 2)
      assert.strictEqual((yield* Metric.value(recordsPassedOver)).count - before.count, 1)
    }).pipe(Effect.provide(quiet)))
})
