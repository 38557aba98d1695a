import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { describePostgres } from "../../engines/databases.ts"
import { PrivatePostgres, privatePostgres } from "../../engines/privatePostgres.ts"
import { arn, begin, outcome } from "./migrationLambda.ts"

const otherHash = "0".repeat(64)

/** Asserts that a request fails for a reason that a person understands and that tells no secret. */
const assertFails = Effect.fnUntraced(function*(
  begun: Effect.Success<ReturnType<typeof begin>>,
  reason: RegExp,
  request?: Parameters<typeof outcome>[1]
) {
  const { owner: { password } } = yield* PrivatePostgres
  const { Reason = "", Status } = yield* outcome(begun, request)
  assert.strictEqual(Status, "FAILED")
  assert.match(Reason, reason)
  assert.notInclude(Reason, password)
  assert.notInclude(Reason, encodeURIComponent(password))
})

describePostgres("The migration's Lambda fails a request, and says why", () => {
  it.layer(privatePostgres, { excludeTestServices: true })((it) => {
    it.effect("when the secret can't be read", () =>
      Effect.gen(function*() {
        const begun = yield* begin()
        begun.secret.secret = null
        const reason = new RegExp(`^The secret ${arn}, which DATABASE_SECRET names, can't be read: AccessDenied`)
        yield* assertFails(begun, reason)
      }).pipe(Effect.scoped))

    it.effect("when the secret isn't a user's", () =>
      Effect.gen(function*() {
        const begun = yield* begin()
        const { owner: { password } } = yield* PrivatePostgres
        begun.secret.secret = JSON.stringify({ user: "owner", password })
        yield* assertFails(begun, /isn't a JSON object with the strings username and password\.$/)
      }).pipe(Effect.scoped))

    it.effect("when the database doesn't know the password", () =>
      Effect.gen(function*() {
        const begun = yield* begin()
        begun.secret.secret = JSON.stringify({ username: "owner", password: "another" })
        yield* assertFails(begun, /password authentication failed for user "owner"/)
      }).pipe(Effect.scoped))

    it.effect("when the database can't be reached", () =>
      Effect.gen(function*() {
        yield* assertFails(yield* begin({ DATABASE_URL: "postgres://127.0.0.1:1/marginalia" }), /ECONNREFUSED/)
      }).pipe(Effect.scoped))

    it.effect("when the template was made for other migrations than it has", () =>
      Effect.gen(function*() {
        const begun = yield* begin()
        const reason = new RegExp(
          `^The template asks for the migrations ${otherHash}, but the function has ${begun.hash}`
        )
        yield* assertFails(begun, reason, { properties: { MigrationsHash: otherHash } })
        assert.strictEqual(begun.secret.reads, 0)
      }).pipe(Effect.scoped))

    it.effect("when a setting can't be used", () =>
      Effect.gen(function*() {
        yield* assertFails(
          yield* begin({ DATABASE_URL: "mysql://host/name" }),
          /^DATABASE_URL must be the URL of a Postgres/
        )
        yield* assertFails(yield* begin({ DATABASE_URL: "postgres://[" }), /^DATABASE_URL must be a URL with a host/)
        yield* assertFails(yield* begin({ LOG_LEVEL: "loud" }), /^LOG_LEVEL must be one of/)
      }).pipe(Effect.scoped))

    it.effect.each([
      { type: "Replace" },
      { type: "Create", properties: {} },
      { type: "Update", properties: { MigrationsHash: "latest" } }
    ])("when the request isn't one that it knows: %j", (request) =>
      Effect.gen(function*() {
        yield* assertFails(yield* begin(), /^The request must be Delete, or Create or Update with a property/, request)
      }).pipe(Effect.scoped))

    it.effect("to Lambda alone, when nobody can be answered", () =>
      Effect.gen(function*() {
        const { hash, run, stack } = yield* begin()
        const { refusal } = yield* run
        const request = stack.request("Create", { MigrationsHash: hash })
        for (const event of [{ Records: [] }, null, { ...request, ResponseURL: undefined }]) {
          assert.match(
            (yield* refusal(event)).errorMessage,
            /^This function takes requests of a CloudFormation custom resource/
          )
        }
      }).pipe(Effect.scoped))
  })
})
