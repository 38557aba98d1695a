import { assert, describe, it } from "@effect/vitest"
import { Array, Cause, Effect, Exit, Layer } from "effect"
import { settledAppend } from "../../src/commands/settle.ts"
import * as DynamoEventStore from "../../src/events/DynamoEventStore.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import type { Head } from "../../src/events/Head.ts"
import { DynamoDb, type DynamoDbSettings } from "../../src/platform/DynamoDb.ts"
import { append, load, put, scanned, stored, versionsOf, written } from "../contract/eventStoreSteps.ts"
import { describeDynamo, type DynamoEngine, DynamoTables } from "../engines/dynamo.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import {
  botched,
  cut,
  type DynamoMishap,
  DynamoWay,
  late,
  layer as wayTo,
  refused,
  throttled,
  unheard
} from "../support/dynamoProxy.ts"
import { edited, posted } from "../support/encodedCommits.ts"

/** A store whose requests go by a way on which mishaps may befall them. */
const frail = (engine: DynamoEngine, settings: Partial<DynamoDbSettings> = {}) =>
  Layer.unwrap(Effect.gen(function*() {
    const { endpoint } = yield* DynamoWay
    return Layer.unwrap(
      Effect.map(DynamoTables, ({ events }) => DynamoEventStore.layer({ table: events, timeLimit: "20 seconds" }))
    ).pipe(Layer.provideMerge(engine.tables({ endpoint, ...settings })))
  })).pipe(Layer.provideMerge(wayTo(engine.endpoint)))

const befall = (...mishaps: ReadonlyArray<DynamoMishap>) => DynamoWay.use((way) => way.befall(...mishaps))
const requestsBy = <E, R>(effect: Effect.Effect<unknown, E, R>) => DynamoWay.use((way) => way.requestsBy(effect))
const landAll = DynamoWay.use((way) => way.landAll)

const outcomeOf = <A, E>(exit: Exit.Exit<A, E>): unknown =>
  Exit.match(exit, {
    onSuccess: () => "success",
    onFailure: (cause) => {
      const error = Object(Cause.squash(cause))
      return `${error._tag} ${error.operation} ${error.outcome}`
    }
  })

const someHead = Effect.map(written([posted("a")]), ({ head }) => head)

const endOf = <A, E, R>(operation: Effect.Effect<A, E, R>): Effect.Effect<Exit.Exit<unknown, unknown>, never, R> =>
  Effect.exit(operation)

/** How each operation of the store ends. */
const ends = (head: Head) =>
  Effect.all([
    endOf(append(head, edited("b"))),
    endOf(load(head.stream)),
    endOf(stored(head.stream)),
    endOf(scanned())
  ])

describeDynamo("A store in DynamoDB", (engine) => {
  it.layer(frail(engine), { excludeTestServices: true })((it) => {
    it.effect("tries again, what changes something too, when DynamoDB is too busy", () =>
      Effect.gen(function*() {
        const head = yield* someHead
        yield* befall(throttled, throttled, refused("ThrottlingException"), refused("TransactionConflictException"))
        assert.strictEqual(yield* requestsBy(append(head, edited("b"))), 5)
        yield* befall(refused("RequestLimitExceeded"), throttled)
        assert.strictEqual(yield* requestsBy(load(head.stream)), 3)
        assert.deepStrictEqual(versionsOf(yield* stored(head.stream)), [1, 2])
      }))

    it.effect("tries again to read when the connection is lost or DynamoDB has trouble", () =>
      Effect.gen(function*() {
        const head = yield* someHead
        for (const reading of [load(head.stream), load(head.stream, "strong"), stored(head.stream), scanned()]) {
          yield* befall(cut, botched, unheard, refused("ServiceUnavailable", 503))
          yield* reading
        }
      }))

    it.effect.each(
      [
        ["cut before it arrived", cut, false],
        ["cut after it was done", unheard, true],
        ["refused in trouble", refused("InternalServerError", 500), false],
        ["done in trouble", botched, true]
      ] satisfies ReadonlyArray<[string, DynamoMishap, boolean]>
    )(
      "doesn't know what became of an append that was %s; its repetition stores it once",
      ([_, mishap, isDone]) =>
        Effect.gen(function*() {
          const head = yield* someHead
          const commit = commitOn(head, [edited("b")])
          yield* befall(mishap)
          assert.strictEqual(outcomeOf(yield* Effect.exit(put(head, commit))), "EventStoreUnavailable append unknown")
          assert.strictEqual((yield* load(head.stream, "strong")).version, isDone ? 2 : 1)
          assert.strictEqual((yield* put(head, commit)).version, 2)
          assert.deepStrictEqual(versionsOf(yield* stored(head.stream)), [1, 2])
        })
    )

    it.effect("is settled by repetition, also when DynamoDB is too busy for it at first", () =>
      Effect.gen(function*() {
        const head = yield* someHead
        const store = yield* EventStore
        yield* befall(unheard, cut, throttled, botched)
        const after = yield* settledAppend(store.append(head, commitOn(head, [edited("b")])))
        assert.strictEqual(after?.version, 2)
        assert.deepStrictEqual(versionsOf(yield* stored(head.stream)), [1, 2])
      }))

    it.effect.each(["UnrecognizedClientException", "ExpiredTokenException", "AccessDeniedException"])(
      "knows that nothing happened when it isn't let in, and doesn't insist: %s",
      (error) =>
        Effect.gen(function*() {
          const head = yield* someHead
          const commit = commitOn(head, [edited("b")])
          yield* befall(refused(error))
          const putting = Effect.exit(put(head, commit))
          assert.strictEqual(outcomeOf(yield* putting), "EventStoreUnavailable append nothing")
          yield* befall(refused(error))
          assert.strictEqual(outcomeOf(yield* Effect.exit(load(head.stream))), "EventStoreUnavailable load nothing")
          assert.strictEqual((yield* put(head, commit)).version, 2)
        })
    )

    it.effect("dies of what DynamoDB doesn't understand", () =>
      Effect.gen(function*() {
        const head = yield* someHead
        // A scan begins with 8 requests.
        yield* befall(...Array.makeBy(3 + 8, () => refused("ValidationException")))
        for (const exit of yield* ends(head)) assert.isTrue(Exit.hasDies(exit))
        yield* befall()
      }))

    it.effect("says which table isn't there", () =>
      Effect.gen(function*() {
        const head = yield* someHead
        for (const exit of yield* Effect.provide(ends(head), DynamoEventStore.layer({ table: "no-such-table" }))) {
          assert.match(`${outcomeOf(exit)}`, /^EventStoreUnavailable \w+ nothing$/)
          const { cause } = Object(Exit.isFailure(exit) ? Cause.squash(exit.cause) : null)
          assert.match(String(cause), /DynamoDB request refused: ResourceNotFoundException/)
        }
      }))
  })

  it.layer(frail(engine, { timeLimit: "1 second" }), { excludeTestServices: true })((it) => {
    it.effect("isn't fooled by a put that lands after its repetition, nor after it was read that it hadn't", () =>
      Effect.gen(function*() {
        const head = yield* someHead
        const commit = commitOn(head, [edited("b")])
        yield* befall(late)
        assert.strictEqual(outcomeOf(yield* Effect.exit(put(head, commit))), "EventStoreUnavailable append unknown")
        assert.strictEqual((yield* load(head.stream, "strong")).version, 1)
        yield* landAll
        const after = yield* put(head, commit)
        const rival = commitOn(after, [edited("c")])
        yield* befall(late)
        assert.strictEqual(outcomeOf(yield* Effect.exit(put(after, rival))), "EventStoreUnavailable append unknown")
        yield* append(after, edited("d"))
        yield* landAll
        assert.strictEqual((yield* Effect.flip(put(after, rival)))._tag, "VersionConflict")
        assert.deepStrictEqual(versionsOf(yield* stored(head.stream)), [1, 2, 3])
      }))
  })
})

describe("A store whose DynamoDB can't be reached", () => {
  const nowhere = DynamoEventStore.layer({ table: "nowhere" }).pipe(
    Layer.provide(DynamoDb.layer({ region: "eu-central-1", endpoint: "http://127.0.0.1:1" }))
  )

  it.layer(nowhere, { excludeTestServices: true })((it) => {
    it.effect("knows that nothing happened", () =>
      Effect.gen(function*() {
        const [appended, loaded] = yield* Effect.all(
          [Effect.exit(written([posted("a")])), Effect.exit(load(freshStream()))],
          { concurrency: 2 }
        )
        assert.strictEqual(outcomeOf(appended), "EventStoreUnavailable append nothing")
        assert.strictEqual(outcomeOf(loaded), "EventStoreUnavailable load nothing")
      }))
  })
})
