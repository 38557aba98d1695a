import { assert, describe, it } from "@effect/vitest"
import { CommentEvent } from "../../src/domain/CommentEvent.ts"
import { CommentText } from "../../src/domain/CommentText.ts"
import type { Asked } from "../support/given.ts"
import {
  accepted,
  ana,
  anyVersion,
  bruno,
  deleted,
  edit,
  edited,
  given,
  gone,
  mismatch,
  mo,
  notFound,
  notTheAuthor,
  pictureId,
  post,
  posted,
  remove,
  unchanged,
  versions
} from "../support/given.ts"

const { CommentDeleted, CommentEdited, CommentPosted } = CommentEvent.cases
const text = CommentText.make("two")

const nothing = given()
const active = given(posted("zero"), edited("one"))
const removed = given(posted("zero"), edited("one"), deleted())

describe("Posting", () => {
  it("puts a comment on a picture, with whoever asked as its author", () => {
    const event = CommentPosted.make({ pictureId, authorId: bruno.id, text })
    assert.deepStrictEqual(nothing.when(post("two", { as: bruno })), accepted(event))
  })

  it.each([
    ["any version", anyVersion],
    ["some version", versions(1)],
    ["no version", versions()]
  ])("under the condition of %s is refused: what doesn't exist yet is at no version", (_, ifMatch) => {
    assert.deepStrictEqual(nothing.when(post("two", { ifMatch })), mismatch(0))
  })
})

describe("Editing", () => {
  it("gives a comment its new text", () => {
    assert.deepStrictEqual(active.when(edit("two")), accepted(CommentEdited.make({ text })))
  })

  it("to the same text changes nothing", () => assert.deepStrictEqual(active.when(edit("one")), unchanged))

  it("to a text that the comment had before is a change", () => {
    assert.deepStrictEqual(
      given(posted("two"), edited("one")).when(edit("two")),
      accepted(CommentEdited.make({ text }))
    )
  })

  it("finds no comment where there never was one", () => assert.deepStrictEqual(nothing.when(edit("two")), notFound))

  it("of a deleted comment is refused, and says where it stands", () => {
    assert.deepStrictEqual(removed.when(edit("one")), gone(3))
  })

  it.each([
    ["somebody else", bruno],
    ["a moderator", mo]
  ])("by %s is refused", (_, as) => assert.deepStrictEqual(active.when(edit("two", { as })), notTheAuthor))
})

describe("Deleting", () => {
  it("by its author is told from deleting by a moderator", () => {
    assert.deepStrictEqual(active.when(remove()), accepted(CommentDeleted.make({ by: "author" })))
    assert.deepStrictEqual(active.when(remove({ as: mo })), accepted(CommentDeleted.make({ by: "moderator" })))
  })

  it("one's own comment is the author's act, also for a moderator", () => {
    const both = { ...ana, moderator: true }
    assert.deepStrictEqual(active.when(remove({ as: both })), accepted(CommentDeleted.make({ by: "author" })))
  })

  it("by somebody else is refused", () => assert.deepStrictEqual(active.when(remove({ as: bruno })), notTheAuthor))

  it("finds no comment where there never was one", () => {
    assert.deepStrictEqual(nothing.when(remove({ as: mo })), notFound)
  })

  it("a deleted comment changes nothing, whoever asks", () => {
    for (const as of [ana, bruno, mo]) assert.deepStrictEqual(removed.when(remove({ as })), unchanged)
  })
})

describe("A condition on the version", () => {
  it.each(
    [
      ["none", {}],
      ["any version", { ifMatch: anyVersion }],
      ["the present version", { ifMatch: versions(2) }],
      ["a list with the present version", { ifMatch: versions(7, 2, 1) }]
    ] satisfies ReadonlyArray<[string, Asked]>
  )("is met: %s", (_, how) => {
    assert.deepStrictEqual(active.when(edit("two", how)), accepted(CommentEdited.make({ text })))
    assert.deepStrictEqual(active.when(remove(how)), accepted(CommentDeleted.make({ by: "author" })))
  })

  it.each([
    ["an earlier version", versions(1)],
    ["a later version", versions(3)],
    ["a list without the present version", versions(1, 3, 4)],
    ["an empty list", versions()]
  ])("isn't met, and says where the comment stands: %s", (_, ifMatch) => {
    assert.deepStrictEqual(active.when(edit("two", { ifMatch })), mismatch(2))
    assert.deepStrictEqual(active.when(remove({ ifMatch })), mismatch(2))
  })
})

describe("The checks come in their order:", () => {
  const wrong = { ifMatch: versions(9) }

  it("not found, before the condition", () => {
    assert.deepStrictEqual(nothing.when(edit("two", wrong)), notFound)
    assert.deepStrictEqual(nothing.when(remove(wrong)), notFound)
  })

  it("deleted, before the author", () => {
    assert.deepStrictEqual(removed.when(edit("two", { as: bruno })), gone(3))
    assert.deepStrictEqual(removed.when(remove({ as: bruno })), unchanged)
  })

  it("deleted, before the condition", () => {
    assert.deepStrictEqual(removed.when(edit("two", wrong)), gone(3))
    assert.deepStrictEqual(removed.when(remove(wrong)), unchanged)
  })

  it("the author, before the condition", () => {
    assert.deepStrictEqual(active.when(edit("two", { as: bruno, ...wrong })), notTheAuthor)
    assert.deepStrictEqual(active.when(remove({ as: bruno, ...wrong })), notTheAuthor)
  })

  it("the author, before no change", () => {
    assert.deepStrictEqual(active.when(edit("one", { as: bruno })), notTheAuthor)
  })

  it("the condition, before no change", () => assert.deepStrictEqual(active.when(edit("one", wrong)), mismatch(2)))
})
