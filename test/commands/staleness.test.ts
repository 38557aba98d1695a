import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Layer, Random } from "effect"
import type { CommentCommand } from "../../src/domain/CommentCommand.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import { commandsOn, integer } from "../support/arbitraries.ts"
import type { Testimony } from "../support/commandWitness.ts"
import { isAnswered, isExplained, witnessed } from "../support/commandWitness.ts"
import {
  bruno,
  commentId,
  edit,
  fresh,
  post,
  postedUnderKey,
  remove,
  standingAt,
  underKey,
  versions
} from "../support/given.ts"
import { commitsOf, eventsOf, handle, handlerOver, toItsEnd } from "../support/handling.ts"
import * as StaleEventStore from "../support/StaleEventStore.ts"

const seed = Arbitrary.map(integer(0, 2 ** 31), String)

/** Groups of commands: those of a group are sent at once, a group after the other. */
const groups = Arbitrary.all([commandsOn(commentId), Arbitrary.array(integer(1, 5), { minLength: 40, maxLength: 40 })])
  .pipe(
    Arbitrary.map(([commands, sizes]) => {
      let from = 0
      return sizes.map((size) => commands.slice(from, from += size)).filter((group) => group.length > 0)
    })
  )

const sent = (groups: ReadonlyArray<ReadonlyArray<CommentCommand>>) =>
  Effect.forEach(groups, (group) => toItsEnd(Effect.forEach(group, witnessed, { concurrency: "unbounded" }))).pipe(
    Effect.map((testimonies): ReadonlyArray<Testimony> => testimonies.flat())
  )

const assertTruthful = Effect.fnUntraced(function*(testimonies: ReadonlyArray<Testimony>) {
  const events = yield* eventsOf(commentId)
  assert.deepStrictEqual(testimonies.filter((testimony) => !isExplained(testimony, events)), [])
  assert.sameMembers(
    (yield* commitsOf(commentId)).map(({ events }) => events[0].commandId),
    testimonies.filter((testimony) => isAnswered(testimony, "accepted")).map(({ command }) => command.commandId)
  )
})

describe("However stale the heads are that loads return", () => {
  it.effect.prop(
    "each command is answered from a state that the comment truly had meanwhile, and the log has the accepted ones",
    [groups, seed],
    ([groups, seed]) =>
      Effect.flatMap(sent(groups), assertTruthful).pipe(
        Effect.provide(handlerOver(StaleEventStore.layer(StaleEventStore.anyPrefix))),
        Random.withSeed(seed)
      )
  )

  it.effect.prop(
    "so it is when loads see nothing at all",
    [groups],
    ([groups]) =>
      Effect.flatMap(sent(groups), assertTruthful).pipe(
        Effect.provide(handlerOver(StaleEventStore.layer(StaleEventStore.nothing)))
      )
  )
})

describe("These checks", () => {
  const lying = Layer.effect(
    EventStore,
    Effect.map(EventStore, (store) => EventStore.of({ ...store, load: (stream) => store.load(stream, "eventual") }))
  ).pipe(Layer.provide(StaleEventStore.layer(StaleEventStore.nothing)))

  it.effect("notice what was decided on a stale state: over a store that never tells the truth they fail", () =>
    Effect.gen(function*() {
      const testimonies = yield* sent([[post("zero")], [edit("one")], [remove({ as: bruno })]])
      const events = yield* eventsOf(commentId)
      assert.deepStrictEqual(testimonies.map((testimony) => isExplained(testimony, events)), [true, false, false])
    }).pipe(Effect.provide(handlerOver(lying))))
})

const behind = (commits: number) => handlerOver(StaleEventStore.layer(StaleEventStore.allButTheLast(commits)))

describe("A load that has missed the last change", () => {
  const key = underKey(1)

  it.effect("refuses nothing that is allowed by now", () =>
    Effect.gen(function*() {
      yield* handle(post("zero"))
      assert.include(yield* handle(edit("one", { ifMatch: versions(1) })), { outcome: "accepted" })
      assert.include(yield* handle(edit("two", { identity: fresh(2), ifMatch: versions(2) })), { outcome: "accepted" })
    }).pipe(Effect.provide(behind(1))))

  it.effect("finds the comment, though it sees none", () =>
    Effect.gen(function*() {
      yield* handle(post("zero"))
      assert.deepInclude(yield* Effect.flip(handle(edit("one", { as: bruno }))), { _tag: "NotTheAuthor" })
      assert.include(yield* handle(remove()), { outcome: "accepted" })
    }).pipe(Effect.provide(behind(1))))

  it.effect("takes no change for none: a text that was changed back meanwhile is changed again", () =>
    Effect.gen(function*() {
      yield* handle(post("zero"))
      yield* handle(edit("one"))
      assert.deepInclude(yield* handle(edit("zero", { identity: key })), {
        outcome: "accepted",
        standing: standingAt(3)
      })
    }).pipe(Effect.provide(behind(1))))

  it.effect("says of an edit that came to nothing where the comment stands by now", () =>
    Effect.gen(function*() {
      yield* handle(post("zero"))
      yield* handle(edit("one"))
      yield* handle(edit("zero", { identity: fresh(2) }))
      assert.deepInclude(yield* handle(edit("zero", { identity: key })), {
        outcome: "unchanged",
        standing: standingAt(3)
      })
    }).pipe(Effect.provide(behind(2))))

  it.effect("says of a replay where the comment stands by now", () =>
    Effect.gen(function*() {
      yield* handle(post("zero", { identity: postedUnderKey() }))
      yield* handle(edit("one", { identity: key }))
      yield* handle(edit("two"))
      assert.deepInclude(yield* handle(edit("one", { identity: key })), {
        outcome: "replayed",
        standing: standingAt(3)
      })
    }).pipe(Effect.provide(behind(1))))

  it.effect("doesn't refuse a deleted comment's replay, nor allow an edit of it", () =>
    Effect.gen(function*() {
      yield* handle(post("zero"))
      yield* handle(remove({ identity: key }))
      assert.include(yield* handle(remove({ identity: key })), { outcome: "replayed" })
      assert.deepInclude(yield* Effect.flip(handle(edit("one"))), { _tag: "CommentGone", standing: standingAt(2) })
      assert.include(yield* handle(remove({ as: bruno })), { outcome: "unchanged" })
    }).pipe(Effect.provide(behind(1))))
})
