import { assert, it } from "@effect/vitest"
import { Array, Effect, Layer, Metric } from "effect"
import { Fingerprint } from "../../src/domain/ids.ts"
import type { CommitOrigin, EncodedCommit } from "../../src/events/Commit.ts"
import { itemBytes } from "../../src/events/dynamoAttributes.ts"
import { commitItem } from "../../src/events/dynamoCommits.ts"
import { type Head, newStream } from "../../src/events/Head.ts"
import { readUnits, writeUnits } from "../../src/events/internal/dynamoCapacity.ts"
import { prepare } from "../../src/events/internal/writing.ts"
import * as DynamoLogControls from "../contract/DynamoLogControls.ts"
import { EventLogControls } from "../contract/EventLogControls.ts"
import { append, type Events, load, put, scanned, stored, written } from "../contract/eventStoreSteps.ts"
import { describeDynamo } from "../engines/dynamo.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { dynamoLog } from "../support/dynamoLog.ts"
import { deleted, edited, posted } from "../support/encodedCommits.ts"

/** What an effect consumes: the operators' metrics say so, and DynamoDB tells them. */
const costOf = Effect.fnUntraced(function*<E, R>(effect: Effect.Effect<unknown, E, R>) {
  const units = Effect.all({ read: Metric.value(readUnits), write: Metric.value(writeUnits) })
  const before = yield* units
  yield* effect
  const after = yield* units
  return { read: after.read.count - before.read.count, write: after.write.count - before.write.count }
})

const ordinary = "What a light! I stood there last summer, and it never looked like this. Which lens was it?"

/** As commands come over HTTP: traced, and perhaps under an idempotency key. */
const origins: ReadonlyArray<readonly [string, Partial<CommitOrigin>]> = [
  ["without a key", { traceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }],
  ["under a key", {
    traceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    fingerprint: Fingerprint.make("abcdefghijkl")
  }]
]

/** A stream with so many events, as the store would have written it: 100 in each commit, and at last one in each. */
const grown = Effect.fnUntraced(function*(events: number) {
  const commits: Array<EncodedCommit> = []
  let head = newStream(freshStream())
  while (head.version < events) {
    const first = head.version === 0 ? posted(ordinary) : edited(`${head.version} ${ordinary}`)
    const others = Array.makeBy(99, (n) => edited(`${n}`))
    const commit = commitOn(head, [first, ...(events - head.version < 200 ? [] : others)])
    const writing = yield* prepare(head, commit, (encoded) => itemBytes(commitItem(encoded)))
    commits.push(writing.encoded)
    head = writing.head
  }
  yield* EventLogControls.use((controls) => controls.plant(commits))
  return head
})

describeDynamo("The event store's bill", (engine) => {
  const layer = DynamoLogControls.layer.pipe(Layer.provideMerge(dynamoLog(engine)))

  it.layer(layer, { excludeTestServices: true })((it) => {
    it.effect.each(origins)("is one write unit for a post, each of 40 edits and the deletion, of ordinary text %s", ([
      _,
      origin
    ]) =>
      Effect.gen(function*() {
        let head: Head = newStream(freshStream())
        const steps: ReadonlyArray<Events> = [
          [posted(ordinary)],
          ...Array.makeBy(40, (n): Events => [edited(`${n} ${ordinary}`)]),
          [deleted]
        ]
        for (const events of steps) {
          const before = head
          const cost = yield* costOf(Effect.gen(function*() {
            head = yield* put(before, commitOn(before, events, origin))
          }))
          assert.deepStrictEqual(cost, { read: 0, write: 1 })
          assert.strictEqual(head.commitsSinceSnapshot, 0)
          assert.deepStrictEqual(yield* costOf(load(head.stream)), { read: 0.5, write: 0 })
        }
      }))

    it.effect("is half a read unit for a load, and one for a strong one, of 10 events or of 10,000", () =>
      Effect.gen(function*() {
        for (const events of [10, 10_000]) {
          const head = yield* grown(events)
          assert.strictEqual(head.version, events)
          assert.deepStrictEqual(yield* load(head.stream), head)
          assert.deepStrictEqual(yield* costOf(load(head.stream)), { read: 0.5, write: 0 })
          assert.deepStrictEqual(yield* costOf(load(head.stream, "strong")), { read: 1, write: 0 })
          assert.deepStrictEqual(yield* costOf(append(head, edited(ordinary))), { read: 0, write: 1 })
        }
      }))

    it.effect("is for three events at once what it is for one, up to 1 KB", () =>
      Effect.gen(function*() {
        const three = append(newStream(freshStream()), posted("a"), edited("b"), edited("c"))
        assert.deepStrictEqual(yield* costOf(three), { read: 0, write: 1 })
        const long = "l".repeat(500)
        const four = append(newStream(freshStream()), posted(long), edited(long), edited(long))
        assert.deepStrictEqual(yield* costOf(four), { read: 0, write: 3 })
      }))

    it.effect("rises for a snapshot that doesn't fit into 1 KB in every 4th commit only", () =>
      Effect.gen(function*() {
        let { head } = yield* written([posted("a")])
        const costs: Array<number> = []
        for (let n = 0; n < 16; n++) {
          const before = head
          const { write } = yield* costOf(Effect.gen(function*() {
            head = yield* append(before, edited(`${n} ${"l".repeat(600)}`))
          }))
          costs.push(write)
        }
        assert.deepStrictEqual(costs, Array.makeBy(16, (n) => n === 9 || n === 13 ? 2 : 1))
      }))

    it.effect("is by the size of what is read for a stream, and for a scan", () =>
      Effect.gen(function*() {
        const { stream } = yield* written([posted("a")], [edited("b")], [edited("c")])
        assert.deepStrictEqual(yield* costOf(stored(stream)), { read: 1, write: 0 })
        const { read, write } = yield* costOf(scanned())
        assert.isAtLeast(read, 8)
        assert.strictEqual(write, 0)
      }))
  })
})
