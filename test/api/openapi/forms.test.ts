import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Result, Schema } from "effect"
import { encodeConsistencyToken, parseConsistencyTokens } from "../../../src/api/ConsistencyToken.ts"
import { parseEntityTags } from "../../../src/api/EntityTag.ts"
import * as forms from "../../../src/api/openapi/forms.ts"
import { maxBytes, parseText } from "../../../src/domain/CommentText.ts"
import { AuthorId, CommentId, PictureId, Timestamp } from "../../../src/domain/ids.ts"
import { CommentList } from "../../../src/queries/CommentList.ts"
import { decodeCursor, encodeCursor } from "../../../src/queries/Cursor.ts"
import { authorId, commentId, elementOf, integer, oneOf, pictureId, timestamp } from "../../support/arbitraries.ts"
import { operationAt } from "./served.ts"

const like = (pattern: string) => {
  const compiled = new RegExp(pattern, "u")
  return (text: string): boolean => compiled.test(text)
}

/** Texts made of pieces that a rule may turn on. */
const madeOf = (...pieces: readonly [string, ...ReadonlyArray<string>]) =>
  Arbitrary.map(Arbitrary.array(elementOf(...pieces), { maxLength: 6 }), (some) => some.join(""))

const exampleOf = (id: string, name: string): string =>
  String(operationAt(id).parameters.find((parameter) => parameter.name === name)?.example)

describe("The patterns in the OpenAPI document", () => {
  const isText = like(forms.text)
  const bits = madeOf(
    "a",
    "\u00e9",
    "\u{1f989}",
    " ",
    "\n",
    "\t",
    "\r\n",
    "\r",
    "\v",
    "\f",
    "\0",
    "\b",
    "\u001f",
    "\u007f",
    "\u0085",
    "\u00a0",
    "\u2028",
    "\ufeff"
  )

  it.effect.prop(
    "take a text if and only if it is one, but for its length",
    [bits],
    ([text]) =>
      Effect.sync(() => assert.strictEqual(isText(text), Result.isSuccess(parseText(text)), JSON.stringify(text))),
    {
      arbitrary: { runs: 1000 }
    }
  )

  it("take every character of a text wherever a text may have it", () => {
    const characters = Array.from({ length: 0x3100 }, (_, code) => String.fromCodePoint(code)).concat("\ufeff")
    const texts = characters.flatMap((one) => [one, `a${one}`, `${one}a`, `a${one}a`])
    assert.deepStrictEqual(texts.filter((text) => isText(text) !== Result.isSuccess(parseText(text))), [])
  })

  it("bound a text where no good one is", () => {
    assert.isTrue(Result.isFailure(parseText("a".repeat(maxBytes + 1))))
    assert.isTrue(Result.isFailure(parseText("\u{1f468}\u200d\u{1f469}".repeat(3334))))
  })

  const tags = madeOf("*", ",", " ", "\t", "\"3\"", "W/\"3\"", "w/\"3\"", "\"\"", "\"", "3", "\"\u00ff\"", "\"a b\"")
  const areTags = like(forms.entityTags)

  it.effect.prop(
    "take the entity tags that If-Match takes, and no other",
    [tags],
    ([header]) =>
      Effect.sync(() =>
        assert.strictEqual(areTags(header), Result.isSuccess(parseEntityTags(header)), JSON.stringify(header))
      ),
    { arbitrary: { runs: 1000 } }
  )

  const isAuthor = like(forms.author)
  const names = oneOf(authorId, madeOf("a", "\u{1f989}", "\0", "\u001f", "\u007f", "\u009f", "\u00a0"))

  it.effect.prop(
    "take the users that a path takes",
    [names],
    ([name]) => Effect.sync(() => assert.strictEqual(isAuthor(name), Schema.is(AuthorId)(name), JSON.stringify(name)))
  )

  const areTokens = like(forms.consistencyTokens)
  const token = Arbitrary.map(
    Arbitrary.all({ commentId, pictureId, authorId, version: integer(0, 4_000_000_000) }),
    encodeConsistencyToken
  )

  it.effect.prop(
    "take every consistency token, and up to 16",
    [token, integer(1, 20)],
    ([one, many]) =>
      Effect.sync(() => {
        assert.isTrue(like(forms.consistencyToken)(one))
        const header = Array.from({ length: many }, () => one).join(" ,\t")
        assert.strictEqual(areTokens(header), many <= 16)
        assert.strictEqual(Result.isSuccess(parseConsistencyTokens(header)), many <= 16)
      })
  )

  const almostTokens = Arbitrary.schema(Schema.String.check(Schema.isPattern(/^[AB][Q-Zafg][A-Za-z0-9_-]{36}[AEBz8]$/)))

  it.effect.prop(
    "take no token that isn't one",
    [almostTokens],
    ([text]) =>
      Effect.sync(() => assert.strictEqual(areTokens(text), Result.isSuccess(parseConsistencyTokens(text)), text))
  )

  it.effect.prop(
    "take every cursor",
    [pictureId, timestamp, commentId],
    ([picture, createdAt, id]) =>
      Effect.sync(() =>
        assert.isTrue(like(forms.cursor)(encodeCursor(CommentList.OfPicture({ picture }), "newest", { createdAt, id })))
      )
  )
})

describe("The examples in the OpenAPI document", () => {
  it("go together: the cursors are of the lists of the other examples", () => {
    const place = {
      createdAt: Timestamp.make(Date.parse("2026-11-23T10:00:00.000Z")),
      id: CommentId.make(exampleOf("queries.comment", "commentId"))
    }
    const picture = PictureId.make(exampleOf("queries.picturePage", "pictureId"))
    const author = AuthorId.make(exampleOf("queries.authorPage", "userId"))
    assert.strictEqual(exampleOf("queries.picturePage", "order"), "newest")
    for (
      const [id, list] of [
        ["queries.picturePage", CommentList.OfPicture({ picture })],
        ["queries.authorPage", CommentList.OfAuthor({ author })]
      ] as const
    ) {
      assert.deepStrictEqual(decodeCursor(list, "newest", exampleOf(id, "cursor")), Result.succeed(place))
    }
  })

  it("have a consistency token that concerns none of the others, so that nobody waits who tries them", () => {
    const header = exampleOf("queries.comment", "Consistency-Token")
    const [token] = Result.getOrThrow(parseConsistencyTokens(header))
    assert.notStrictEqual<unknown>(token?.stream, exampleOf("queries.comment", "commentId"))
  })
})
