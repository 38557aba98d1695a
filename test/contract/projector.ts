import { assert } from "@effect/vitest"
import { Effect, Ref } from "effect"
import { nothingProjected } from "../../src/projections/Projected.ts"
import {
  ana,
  commit,
  deleted,
  edited,
  harbour,
  history,
  posted,
  stream,
  sunset,
  timeOf
} from "../support/encodedCommits.ts"
import { project } from "../support/projection.ts"
import { RawLog } from "../support/RawLog.ts"
import { emptyReadModel, foldReadModel, readModel } from "../support/readModel.ts"
import type { It } from "./projectionSteps.ts"

/** What the projector does, whatever its database is. */
export const projecting = (it: It): void => {
  it.effect("brings what happened into rows and counts", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      const log = [
        ...history(stream(1), [posted("What a light!")], [edited("What a light! Which filter?")]),
        ...history(stream(2), [posted("夕焼け", harbour)]),
        ...history(stream(3), [posted("gone soon")], [deleted])
      ]
      const projected = yield* project(log)
      assert.deepStrictEqual(projected, {
        applied: 5,
        skipped: 0,
        healed: 0,
        parked: [],
        pictures: [sunset, harbour],
        lag: 0,
        invalidationsFailed: 0
      })
      assert.deepStrictEqual(yield* readModel, foldReadModel(log))
      assert.deepStrictEqual((yield* readModel).pictures, { [harbour]: 1, [sunset]: 1 })
    }))

  it.effect("changes nothing when the same commits come again", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      const log = history(stream(1), [posted("one"), edited("two")], [deleted])
      yield* project(log)
      const before = yield* readModel
      const again = yield* project([...log, ...log])
      assert.deepStrictEqual(again, { ...nothingProjected, skipped: 6, pictures: [sunset] })
      assert.deepStrictEqual(yield* readModel, before)
    }))

  it.effect("leaves a tombstone without the text, and keeps the texts in the history", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      yield* project(history(stream(1), [posted("one")], [edited("two")]))
      yield* project([commit(stream(1), 3, deleted)])
      const { comments, history: entries, pictures } = yield* readModel
      assert.deepStrictEqual(comments, [{
        id: stream(1),
        picture: sunset,
        author: ana,
        text: null,
        version: 3,
        created: timeOf(1),
        edited: timeOf(2),
        deleted: timeOf(3)
      }])
      assert.deepStrictEqual(entries.map(({ text, type }) => [type, text]), [
        ["CommentPosted", "one"],
        ["CommentEdited", "two"],
        ["CommentDeleted", null]
      ])
      assert.deepStrictEqual(pictures, { [sunset]: 0 })
    }))

  it.effect("doesn't let a late first version resurrect a deleted comment", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      const [first, second, third] = history(stream(1), [posted("one")], [edited("two")], [deleted])
      assert(first !== undefined && second !== undefined && third !== undefined)
      yield* RawLog.write([first, second, third])
      yield* project([third])
      yield* project([first])
      yield* project([second, first])
      assert.deepStrictEqual(yield* readModel, foldReadModel([first, second, third]))
    }))

  it.effect("reads what is missing before and between commits from the event store", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      const log = [
        ...history(stream(1), [posted("one")], [edited("two")], [edited("three")], [edited("four")], [
          edited("five")
        ]),
        ...history(stream(2), [posted("other")])
      ]
      yield* RawLog.write(log)
      const projected = yield* project([log[2], log[4], log[5]].filter((commit) => commit !== undefined))
      assert.deepInclude(projected, { applied: 6, healed: 1 })
      assert.deepStrictEqual(yield* readModel, foldReadModel(log))
      const { reads } = yield* RawLog
      assert.deepStrictEqual((yield* Ref.get(reads)).map(({ from, stream }) => [stream, from]), [[stream(1), 1]])
    }))

  it.effect("reads nothing from the event store when there is no gap", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      const log = history(stream(1), [posted("one")], [edited("two")], [deleted])
      yield* RawLog.write(log)
      yield* project(log.toReversed())
      yield* project(log)
      const { reads } = yield* RawLog
      assert.deepStrictEqual(yield* Ref.get(reads), [])
    }))

  it.effect("counts a picture whose only comment came and went in one batch as one with no comments", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      const log = history(stream(1), [posted("one"), edited("two"), deleted])
      yield* project(log)
      const found = yield* readModel
      assert.deepStrictEqual(found, foldReadModel(log))
      assert.deepInclude(found, { pictures: { [sunset]: 0 }, authors: { [ana]: 0 } })
    }))

  it.effect("does nothing for an empty batch", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* project([]), nothingProjected)
    }))
}
