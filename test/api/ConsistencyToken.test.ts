import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Array, Effect, Result } from "effect"
import {
  concernsAuthor,
  concernsPicture,
  encodeConsistencyToken,
  maxTokens,
  parseConsistencyTokens
} from "../../src/api/ConsistencyToken.ts"
import { AuthorId, CommentId, PictureId } from "../../src/domain/ids.ts"
import type { Standing } from "../../src/domain/Standing.ts"
import { authorId, commentId, elementOf, integer, pictureId, typedText } from "../support/arbitraries.ts"
import { standingAt } from "../support/given.ts"

const standing: Arbitrary.Arbitrary<Standing> = Arbitrary.all({
  commentId,
  version: integer(0, 2 ** 32 - 1),
  pictureId,
  authorId
})

const parsed = (header: string) => Result.getOrElse(parseConsistencyTokens(header), (failure) => failure)
const malformed = "not a token that this service gave out"
const token = encodeConsistencyToken(standingAt(3))

describe("A consistency token", () => {
  it.effect.prop(
    "tells which version of which comment it stands for, and which lists it concerns",
    [standing],
    ([standing]) =>
      Effect.sync(() => {
        const token = encodeConsistencyToken(standing)
        assert.match(token, /^[A-Za-z0-9_-]{39}$/)
        const [read, ...others] = Result.getOrThrow(parseConsistencyTokens(token))
        assert.isEmpty(others)
        assert.include(read, { stream: standing.commentId, version: standing.version })
        assert.isTrue(
          read !== undefined && concernsPicture(read, standing.pictureId) && concernsAuthor(read, standing.authorId)
        )
      })
  )

  it("is the same for ever: a newer server reads what an older one gave out", () => {
    assert.strictEqual(token, "AQGZqPAcLX4_iktcbX6PmgsAAAADWKZIRBQpyoU")
  })

  it("names pictures and authors by their digests, FNV-1a as in RFC 9923", () => {
    const digestOf = (name: string) =>
      Result.getOrThrow(
        parseConsistencyTokens(encodeConsistencyToken({ ...standingAt(1), pictureId: PictureId.make(name) }))
      )
        .map(({ pictureDigest }) => pictureDigest)
    assert.deepStrictEqual(digestOf("a"), [0xe40c292c])
    assert.deepStrictEqual(digestOf("foobar"), [0xbf9cf968])
  })

  it("concerns no other lists", () => {
    for (const read of Result.getOrThrow(parseConsistencyTokens(token))) {
      assert.isFalse(concernsPicture(read, PictureId.make("sunset-43")))
      assert.isFalse(concernsAuthor(read, AuthorId.make("anb")))
      assert.isFalse(concernsAuthor(read, AuthorId.make("sunset-42")))
    }
  })

  it("stands for the nil UUID and for version 0, too", () => {
    const nil = CommentId.make("00000000-0000-0000-0000-000000000000")
    const [read] = Result.getOrThrow(
      parseConsistencyTokens(encodeConsistencyToken({ ...standingAt(0), commentId: nil }))
    )
    assert.include(read, { stream: nil, version: 0 })
  })
})

describe("A request", () => {
  it.effect.prop(
    "may carry up to 16 tokens, separated by commas and white space",
    [Arbitrary.array(standing, { minLength: 1, maxLength: maxTokens }), elementOf(",", ", ", " ,\t")],
    ([standings, separator]) =>
      Effect.sync(() => {
        const header = standings.map(encodeConsistencyToken).join(separator)
        assert.deepStrictEqual(
          Result.getOrThrow(parseConsistencyTokens(` ${header} `)).map(({ stream, version }) => ({ stream, version })),
          standings.map(({ commentId: stream, version }) => ({ stream, version }))
        )
      })
  )

  it("can't carry more than 16", () => {
    assert.strictEqual(maxTokens, 16)
    const many = Array.makeBy(17, () => token)
    assert.lengthOf(parsed(many.slice(1).join(",")), 16)
    assert.strictEqual(parsed(many.join(",")), "at most 16 tokens, but there are 17")
  })

  it.each([
    ["nothing", ""],
    ["an empty element", `${token},,${token}`],
    ["a comma at the end", `${token},`],
    ["a token that was cut", token.slice(0, -1)],
    ["a token with more behind it", `${token}A`],
    ["a padded token", `${token}=`],
    ["a quoted token", `"${token}"`],
    ["the other base64 alphabet", token.replaceAll("-", "+").replaceAll("_", "/")],
    ["bits that no token has at its end", `${token.slice(0, -1)}V`],
    ["another format", `Ag${token.slice(2)}`],
    ["two tokens without a comma", `${token} ${token}`]
  ])("can't carry %s", (_, header) => {
    assert.strictEqual(parsed(header), malformed)
  })

  it.effect.prop(
    "is refused whatever else it carries",
    [typedText],
    ([text]) => Effect.sync(() => assert.isTrue(Result.isFailure(parseConsistencyTokens(text))))
  )

  const characters = elementOf("A", "Q", "g", "z", "0", "9", "-", "_", "+", "/", "=", " ", "é")

  it.effect.prop(
    "is never taken for another one: a changed token is refused or means something else",
    [integer(0, 38), characters],
    ([at, character]) =>
      Effect.sync(() => {
        const changed = token.slice(0, at) + character + token.slice(at + 1)
        if (changed !== token) assert.notDeepEqual(parsed(changed), parsed(token))
      })
  )
})
