import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  AuthorId,
  CommandId,
  CommentId,
  CommitId,
  CorrelationId,
  EventId,
  Fingerprint,
  PictureId,
  Timestamp,
  Version
} from "../../src/domain/ids.ts"

describe("A picture's id", () => {
  const is = Schema.is(PictureId)

  it.each(["a", "sunset-42", "A.b_c:d-9", "...", ".a", "a.", "-", ":", "x".repeat(128)])(
    "may be %s",
    (id) => assert.isTrue(is(id))
  )

  it.each(["", ".", "..", "x".repeat(129), "a b", "a/b", "a%2Fb", "é", "a\n", "\na", "a\u0000", "🦉"])(
    "can't be %j",
    (id) => assert.isFalse(is(id))
  )
})

describe("An author's id", () => {
  const is = Schema.is(AuthorId)

  it.each(["a", "auth0|5f7c8ec7", " ", "Zoë 🦉", "x".repeat(255), "🦉".repeat(255), "a\u2028b"])(
    "may be %s",
    (id) => assert.isTrue(is(id))
  )

  it.each(["", "x".repeat(256), "🦉".repeat(256), "a\nb", "a\u0000", "a\u007F", "a\u0085", "a\uD800"])(
    "can't be %j",
    (id) => assert.isFalse(is(id))
  )
})

describe("The ids of comments, commands, commits and events", () => {
  const schemas = [CommentId, CommandId, CommitId, EventId].map((schema) => Schema.is(Schema.toType(schema)))
  const areIds = (text: string) => schemas.map((is) => is(text))

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])("may be a UUID of version %i", (version) => {
    assert.deepStrictEqual(areIds(`0199a8f0-1c2d-${version}e3f-8a4b-5c6d7e8f9a0b`), [true, true, true, true])
  })

  it("may be the nil and the max UUID", () => {
    for (const digit of ["0", "f"]) {
      const id = "00000000-0000-0000-0000-000000000000".replaceAll("0", digit)
      assert.deepStrictEqual(areIds(id), [true, true, true, true])
    }
  })

  it.each([
    "",
    "0199A8F0-1C2D-7E3F-8A4B-5C6D7E8F9A0B",
    "0199a8f01c2d7e3f8a4b5c6d7e8f9a0b",
    "{0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b}",
    "urn:uuid:0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
    "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0g",
    "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b\n"
  ])("can't be %j", (text) => assert.deepStrictEqual(areIds(text), [false, false, false, false]))
})

describe("Numbers and digests", () => {
  it("A version is a whole number from 1 on", () => {
    const is = Schema.is(Version)
    assert.deepStrictEqual([1, 2, Number.MAX_SAFE_INTEGER].map(is), [true, true, true])
    assert.deepStrictEqual([0, -1, 1.5, Number.NaN, Infinity, 2 ** 53].map(is), [
      false,
      false,
      false,
      false,
      false,
      false
    ])
  })

  it("A timestamp is a whole number of milliseconds", () => {
    assert.deepStrictEqual([0, -1, 1_700_000_000_000, 0.5].map(Schema.is(Timestamp)), [true, true, true, false])
  })

  it("A correlation id is 1 to 128 visible ASCII characters", () => {
    const is = Schema.is(CorrelationId)
    assert.deepStrictEqual(["!", "~".repeat(128)].map(is), [true, true])
    assert.deepStrictEqual(["", "a b", "a\n", "é", "~".repeat(129)].map(is), [false, false, false, false, false])
  })

  it("A fingerprint is 72 bits in base64url", () => {
    const is = Schema.is(Fingerprint)
    assert.deepStrictEqual(["aZ09-_aZ09-_", "aaaaaaaaaaa", "aaaaaaaaaaaaa", "aaaaaaaaaaa="].map(is), [
      true,
      false,
      false,
      false
    ])
  })
})
