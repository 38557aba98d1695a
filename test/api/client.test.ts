import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { BearerToken, decidedAtOnce, MarginaliaClient } from "../../src/api/MarginaliaClient.ts"
import { CommentId, PictureId } from "../../src/domain/ids.ts"
import { standaloneTarget } from "../http/standaloneTarget.ts"
import { Target } from "../http/Target.ts"

const client = Layer.unwrap(Effect.map(Target, ({ url }) => MarginaliaClient.layer(url))).pipe(
  Layer.provideMerge(standaloneTarget),
  Layer.provide(FetchHttpClient.layer)
)

const as = (subject: string, scope = "comments:write") => <A, E, R>(call: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const { token } = yield* Target
    return yield* Effect.provideService(call, BearerToken, Redacted.make(yield* token(subject, scope)))
  })

const pictureId = PictureId.make("typed-client")

it.layer(client, { excludeTestServices: true, timeout: "60 seconds" })("The typed client", (it) => {
  it.effect("posts, edits, reads and deletes a comment", () =>
    Effect.gen(function*() {
      const { commands, queries } = yield* MarginaliaClient
      const posted = yield* commands.postComment({
        params: { pictureId },
        headers: {},
        payload: { text: "What a light!" }
      }).pipe(decidedAtOnce, as("ana"))
      const { id } = posted.body
      assert.strictEqual(posted.headers.location, `/comments/${id}`)

      const edited = yield* commands.editComment({
        params: { commentId: id },
        headers: { "if-match": posted.headers.etag },
        payload: { text: "What a light! Did you use a filter?" }
      }).pipe(decidedAtOnce, as("ana"))
      assert.strictEqual(edited.body.version, 2)

      const headers = { "consistency-token": edited.headers["consistency-token"] }
      const page = yield* queries.picturePage({ params: { pictureId }, query: { limit: 5 }, headers })
      assert.deepStrictEqual(page.body.items, [edited.body])
      assert.strictEqual(page.body.count, 1)

      const deleted = yield* commands.deleteComment({ params: { commentId: id }, headers: {} }).pipe(
        decidedAtOnce,
        as("ana")
      )
      const history = yield* queries.history({
        params: { commentId: id },
        headers: { "consistency-token": deleted.headers["consistency-token"] }
      }).pipe(as("ana"))
      assert.deepStrictEqual(
        history.body.items.map(({ type }) => type),
        ["CommentPosted", "CommentEdited", "CommentDeleted"]
      )
    }))

  it.effect("sends a command that is decided later, and looks what came of it", () =>
    Effect.gen(function*() {
      const { acceptedCommands, commands } = yield* MarginaliaClient
      const accepted = yield* commands.postComment({
        params: { pictureId },
        headers: { prefer: "respond-async" },
        payload: { text: "later" }
      }).pipe(as("ana"))
      assert("preference-applied" in accepted.headers && "status" in accepted.body)
      const { id: commandId } = accepted.body
      const look = acceptedCommands.commandStatus({ params: { commandId } }).pipe(as("ana"))
      const { body } = yield* Effect.repeat(look, { until: ({ body }) => body.status !== "pending" })
      assert.strictEqual(body.status, "done")
      const { authorId, text, version } = body.result?.comment ?? assert.fail("what is done has a comment")
      assert.deepStrictEqual<unknown>([authorId, text, version], ["ana", "later", 1])
      const missing = yield* acceptedCommands.commandStatus({ params: { commandId } }).pipe(as("bruno"), Effect.flip)
      assert.strictEqual(missing._tag, "CommandNotFoundProblem")
    }))

  it.effect("fails with the problems of the contract, each as its own type", () =>
    Effect.gen(function*() {
      const { commands, queries } = yield* MarginaliaClient
      const post = (text: string, key: string) =>
        commands.postComment({ params: { pictureId }, headers: { "idempotency-key": key }, payload: { text } })
      const invalid = yield* post("   ", "typed-client-1").pipe(as("bruno"), Effect.flip)
      assert.strictEqual(invalid._tag, "InvalidRequest")
      yield* post("one", "typed-client-2").pipe(as("bruno"))
      const reused = yield* post("two", "typed-client-2").pipe(as("bruno"), Effect.flip)
      assert.strictEqual(reused._tag, "IdempotencyKeyReusedProblem")
      const unauthorized = yield* Effect.flip(post("three", "typed-client-3"))
      assert.strictEqual(unauthorized._tag, "Unauthorized")
      const commentId = CommentId.make("0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b")
      const missing = yield* Effect.flip(queries.comment({ params: { commentId }, headers: {} }))
      assert.strictEqual(missing._tag, "CommentNotFoundProblem")
    }))
})

const source = fileURLToPath(new URL("../../src/", import.meta.url))

const importsOf = (file: string): ReadonlyArray<string> =>
  Array.from(
    readFileSync(file, "utf8").matchAll(/^import (?:[^"]*? from )?"([^"]+)"$/gm),
    ([, name]) => name ?? ""
  )

const reachedFrom = (entry: string): { readonly files: Set<string>; readonly packages: Set<string> } => {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string): void => {
    if (files.has(file)) return
    files.add(file)
    for (const name of importsOf(file)) {
      if (name.startsWith(".")) visit(join(dirname(file), name))
      else packages.add(name)
    }
  }
  visit(entry)
  return { files, packages }
}

describe("What the typed client brings along", () => {
  const { files, packages } = reachedFrom(join(source, "api/MarginaliaClient.ts"))

  it("is contracts and domain, and none of the server", () => {
    const others = Array.from(files, (file) => file.slice(source.length))
      .filter((file) => !/^(?:api\/\w+|domain\/\w+)\.ts$/.test(file))
    assert.deepStrictEqual(others, [])
    assert.isTrue(files.has(join(source, "domain/ids.ts")))
  })

  it("is no package but effect, and nothing that only Node has", () => {
    assert.deepStrictEqual(Array.from(packages).filter((name) => !name.startsWith("effect/")), [])
  })
})
