import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect } from "effect"
import { PictureId } from "../../src/domain/ids.ts"
import { PictureSlots } from "../../src/queries/PictureSlots.ts"
import { EntryKey, maxEntriesPerPicture } from "../../src/queries/QueryCache.ts"
import { elementOf, integer, oneOf } from "../support/arbitraries.ts"

const picture = elementOf(PictureId.make("a"), PictureId.make("b"), PictureId.make("c"), PictureId.make("d"))
const operation = Arbitrary.all({
  kind: elementOf("fill", "fill", "fill", "read", "forget", "clear"),
  picture,
  key: Arbitrary.map(integer(1, maxEntriesPerPicture * 2), (number) => EntryKey.make(`n${number}`)),
  size: oneOf(integer(0, 200), integer(0, 60_000)),
  elapsed: elementOf(0, 1, 10_000, 31_000)
})

describe("PictureSlots", () => {
  it.effect.prop(
    "never holds more than its bytes, and counts them back to nothing",
    [Arbitrary.array(operation, { maxLength: 80 })],
    ([operations]) =>
      Effect.sync(() => {
        const maxBytes = 100_000
        const slots = new PictureSlots(maxBytes)
        let now = 0
        for (const { elapsed, key, kind, picture, size } of operations) {
          now += elapsed
          if (kind === "clear") slots.clear()
          else if (kind === "forget") slots.forget(picture)
          else {
            const { generation } = slots.read(picture, key, now)
            const answer = { body: new Uint8Array(size), etag: `"e"`, nextCursor: null }
            if (kind === "fill" && slots.put(picture, generation, key, answer, now)) {
              assert.strictEqual(slots.read(picture, key, now)._tag, "Hit")
            }
          }
          assert.isAtMost(slots.bytes, maxBytes)
        }
        for (const id of ["a", "b", "c", "d"]) slots.forget(PictureId.make(id))
        assert.strictEqual(slots.bytes, 0)
        assert.strictEqual(slots.size, 0)
      })
  )

  it("refuses an answer that is larger than all its memory, and keeps the others", () => {
    const slots = new PictureSlots(10_000)
    const [picture, key] = [PictureId.make("a"), EntryKey.make("n20")]
    const { generation } = slots.read(picture, key, 0)
    const small = { body: new Uint8Array(100), etag: `"e"`, nextCursor: null }
    assert.isTrue(slots.put(picture, generation, key, small, 0))
    assert.isFalse(slots.put(picture, generation, EntryKey.make("n100"), { ...small, body: new Uint8Array(10_000) }, 0))
    assert.strictEqual(slots.read(picture, key, 0)._tag, "Hit")
  })

  it("makes room for a picture's new answer by its own oldest ones when no other is left", () => {
    const slots = new PictureSlots(10_000)
    const picture = PictureId.make("a")
    const keys = ["n1", "n2", "n3"].map((key) => EntryKey.make(key))
    for (const key of keys) {
      const { generation } = slots.read(picture, key, 0)
      assert.isTrue(
        slots.put(picture, generation, key, { body: new Uint8Array(4_000), etag: `"e"`, nextCursor: null }, 0)
      )
    }
    assert.deepStrictEqual(keys.map((key) => slots.read(picture, key, 0)._tag), ["Miss", "Hit", "Hit"])
  })
})
