import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as DynamoEventStore from "../../src/events/DynamoEventStore.ts"
import { stored, versionsOf, written } from "../contract/eventStoreSteps.ts"
import { appendNoting, isNoted, jointAppends } from "../contract/jointAppend.ts"
import { describeDynamo, type DynamoEngine, DynamoTables } from "../engines/dynamo.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { cut, type DynamoMishap, DynamoWay, layer as wayTo, refused, unheard } from "../support/dynamoProxy.ts"
import { edited, posted } from "../support/encodedCommits.ts"

const onItsWay = (engine: DynamoEngine) =>
  Layer.unwrap(Effect.gen(function*() {
    const { endpoint } = yield* DynamoWay
    return Layer.unwrap(
      Effect.map(DynamoTables, ({ events }) => DynamoEventStore.layer({ table: events, timeLimit: "20 seconds" }))
    ).pipe(Layer.provideMerge(engine.tables({ endpoint })))
  })).pipe(Layer.provideMerge(wayTo(engine.endpoint)))

const befall = (...mishaps: ReadonlyArray<DynamoMishap>) => DynamoWay.use((way) => way.befall(...mishaps))

const conflicting = refused("TransactionCanceledException", 400, {
  CancellationReasons: [{ Code: "None" }, { Code: "TransactionConflict" }]
})

describeDynamo("An append together with another write", (engine) => {
  it.layer(onItsWay(engine), { excludeTestServices: true })((it) => {
    jointAppends(it)

    it.effect("is tried again while other transactions are in its way", () =>
      Effect.gen(function*() {
        const { head } = yield* written([posted("a")])
        const id = freshStream()
        yield* befall(conflicting, conflicting)
        yield* appendNoting(head, commitOn(head, [edited("b")]), id)
        assert.isTrue(yield* isNoted(id))
      }))

    it.effect("has an unknown outcome when its answer is lost, which its repetition settles", () =>
      Effect.gen(function*() {
        for (const mishap of [cut, unheard]) {
          const { head, stream } = yield* written([posted("a")])
          const [commit, id] = [commitOn(head, [edited("b")]), freshStream()]
          yield* befall(mishap)
          const error = yield* Effect.flip(appendNoting(head, commit, id))
          assert.deepInclude(error, { _tag: "EventStoreUnavailable", outcome: "unknown" })
          assert.strictEqual(yield* isNoted(id), mishap === unheard)
          yield* appendNoting(head, commit, id)
          assert.isTrue(yield* isNoted(id))
          assert.deepStrictEqual(versionsOf(yield* stored(stream)), [1, 2])
        }
      }))
  })
})
