import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Schema } from "effect"
import { CommandGroup, CommentDraft, CommentIdInPath } from "../../src/api/CommandApi.ts"
import { commentId } from "../support/arbitraries.ts"

const decodeId = Schema.decodeUnknownExit(CommentIdInPath)

describe("A comment's id in a path", () => {
  it.effect.prop("is any UUID, in whichever case", [commentId], ([id]) =>
    Effect.sync(() => {
      assert.deepStrictEqual(decodeId(id), Exit.succeed(id))
      assert.deepStrictEqual(decodeId(id.toUpperCase()), Exit.succeed(id))
    }))

  it.each(["", "1", "0199a8f01c2d7e3f8a4b5c6d7e8f9a0b", "{0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b}", "not-a-uuid"])(
    "can't be %j",
    (text) => assert.isTrue(Exit.isFailure(decodeId(text)))
  )
})

const accepts = (schema: Schema.Constraint | undefined, value: unknown) =>
  schema !== undefined && Schema.is(schema)(value)

const { deleteComment, editComment, postComment } = CommandGroup.endpoints

describe("The headers of a command", () => {
  const areHeaders = (headers: Readonly<Record<string, string>>): ReadonlyArray<boolean> =>
    [postComment, editComment, deleteComment].map((endpoint) => accepts(endpoint.headers, headers))
  const all = [true, true, true]
  const none = [false, false, false]

  it("needn't have an idempotency key or a condition", () => assert.deepStrictEqual(areHeaders({}), all))

  it.each(["k", "8e03978e-40d5-43dd-bc93-6894a57f9324", `"quoted"`, "!#~", "x".repeat(255)])(
    "may have the idempotency key %s",
    (key) => assert.deepStrictEqual(areHeaders({ "idempotency-key": key }), all)
  )

  it.each(["", " ", "a b", "a\tb", "é", "\u007F", "a\n", "x".repeat(256)])(
    "can't have the idempotency key %j",
    (key) => assert.deepStrictEqual(areHeaders({ "idempotency-key": key }), none)
  )
})

describe("A picture's id in a path", () => {
  const isPicture = (pictureId: string) => accepts(postComment.params, { pictureId })

  it("is taken as it is, in its case", () => {
    for (const id of ["sunset-42", "A.b_c:d-9"]) assert.isTrue(isPicture(id))
  })

  it("can't lead elsewhere", () => {
    for (const id of ["", ".", "..", "a/b", "a b", "x".repeat(129)]) assert.isFalse(isPicture(id))
  })
})

it("A draft is told with an example that is one", () => {
  assert.isTrue(Schema.is(CommentDraft)({ text: "What a light! Did you use a filter?" }))
})
