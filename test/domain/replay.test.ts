import { assert, describe, it } from "@effect/vitest"
import { CommentEvent } from "../../src/domain/CommentEvent.ts"
import { rememberedCommands } from "../../src/domain/CommentState.ts"
import { CommentText } from "../../src/domain/CommentText.ts"
import {
  accepted,
  bruno,
  deleted,
  edit,
  edited,
  fresh,
  given,
  gone,
  keyReused,
  mismatch,
  mo,
  notFound,
  post,
  posted,
  postedUnderKey,
  remove,
  replayed,
  unchanged,
  underKey,
  versions
} from "../support/given.ts"

const { CommentEdited } = CommentEvent.cases
const edits = (count: number) => Array.from({ length: count }, (_, n) => edited(`text ${n}`))
const key = underKey(1)
const otherPayload = underKey(1, "another-load")
const wrong = { ifMatch: versions(99) }

describe("A command that was accepted before", () => {
  const once = given(posted("zero"), edited("one", key), edited("two"))

  it("is answered as it was, with the version that it brought the comment to", () => {
    assert.deepStrictEqual(once.when(edit("one", { identity: key })), replayed(2))
    assert.deepStrictEqual(given(posted("zero"), deleted(key)).when(remove({ identity: key })), replayed(2))
    assert.deepStrictEqual(
      given(posted("zero", postedUnderKey()), edited("one")).when(post("zero", { identity: postedUnderKey() })),
      replayed(1)
    )
  })

  it("is recognised before the comment is found deleted", () => {
    const removed = given(posted("zero", postedUnderKey()), edited("one", key), deleted())
    assert.deepStrictEqual(removed.when(edit("one", { identity: key })), replayed(2))
    assert.deepStrictEqual(removed.when(post("zero", { identity: postedUnderKey() })), replayed(1))
  })

  it("is recognised before the author is looked at, so that a moderator who isn't one any more gets the answer again", () => {
    const removed = given(posted("zero"), deleted(key))
    assert.deepStrictEqual(removed.when(remove({ as: { ...mo, moderator: false }, identity: key })), replayed(2))
    assert.deepStrictEqual(once.when(edit("one", { as: bruno, identity: key })), replayed(2))
  })

  it("is recognised before the condition", () => {
    assert.deepStrictEqual(once.when(edit("one", { identity: key, ...wrong })), replayed(2))
    assert.deepStrictEqual(
      given(posted("zero", postedUnderKey())).when(post("zero", { identity: postedUnderKey(), ...wrong })),
      replayed(1)
    )
  })

  it("is recognised before it is found to change nothing", () => {
    assert.deepStrictEqual(
      given(posted("zero"), edited("one", key)).when(edit("one", { identity: key })),
      replayed(2)
    )
  })
})

describe("A key that was used for something else", () => {
  const active = given(posted("zero", postedUnderKey()), edited("one", key))
  const removed = given(posted("zero", postedUnderKey()), edited("one", key), deleted())

  it("is refused, whether the method or the text differs", () => {
    assert.deepStrictEqual(active.when(edit("another", { identity: otherPayload })), keyReused)
    assert.deepStrictEqual(active.when(remove({ identity: otherPayload })), keyReused)
    assert.deepStrictEqual(active.when(post("another", { identity: postedUnderKey("another-load") })), keyReused)
  })

  it("is refused before a deleted comment, another's comment and the condition are", () => {
    assert.deepStrictEqual(removed.when(edit("another", { identity: otherPayload })), keyReused)
    assert.deepStrictEqual(removed.when(remove({ identity: otherPayload })), keyReused)
    assert.deepStrictEqual(active.when(edit("another", { as: bruno, identity: otherPayload, ...wrong })), keyReused)
    assert.deepStrictEqual(
      removed.when(post("another", { identity: postedUnderKey("another-load"), ...wrong })),
      keyReused
    )
  })

  it("is refused to a post that meets a comment which another command made", () => {
    assert.deepStrictEqual(active.when(post("zero", { identity: fresh(5) })), keyReused)
  })
})

describe("What was refused or changed nothing", () => {
  it("isn't remembered: its key is decided again, also with another payload", () => {
    const nothing = given()
    assert.deepStrictEqual(nothing.when(edit("one", { identity: key })), notFound)
    const active = given(posted("zero"))
    assert.deepStrictEqual(active.when(edit("zero", { identity: key })), unchanged)
    assert.deepStrictEqual(active.when(edit("one", { identity: key, ...wrong })), mismatch(1))
    assert.deepStrictEqual(
      active.when(edit("one", { identity: otherPayload })),
      accepted(CommentEdited.make({ text: CommentText.make("one") }))
    )
  })
})

describe("A comment remembers", () => {
  const target = edit("first", { identity: key })

  it("exactly its last 16 accepted commands", () => {
    assert.strictEqual(rememberedCommands, 16)
    const sixteenth = given(posted("zero"), edited("first", key), ...edits(15))
    assert.deepStrictEqual(sixteenth.when(target), replayed(2))
    const seventeenth = given(posted("zero"), edited("first", key), ...edits(16))
    assert.deepStrictEqual(seventeenth.when(target), accepted(CommentEdited.make({ text: CommentText.make("first") })))
  })

  it("its deletion among them", () => {
    const sixteenth = given(posted("zero"), edited("first", key), ...edits(14), deleted())
    assert.deepStrictEqual(sixteenth.when(target), replayed(2))
    const seventeenth = given(posted("zero"), edited("first", key), ...edits(15), deleted())
    assert.deepStrictEqual(seventeenth.when(target), gone(18))
  })

  it("a key that it has forgotten as one that was never used", () => {
    const forgotten = given(posted("zero"), edited("first", key), ...edits(16))
    assert.deepStrictEqual(
      forgotten.when(edit("another", { identity: otherPayload })),
      accepted(CommentEdited.make({ text: CommentText.make("another") }))
    )
  })

  it("the command that posted it for ever", () => {
    const old = given(posted("zero", postedUnderKey()), ...edits(40), deleted())
    assert.deepStrictEqual(old.when(post("zero", { identity: postedUnderKey() })), replayed(1))
    assert.deepStrictEqual(old.when(post("zero", { identity: postedUnderKey("another-load") })), keyReused)
  })
})
