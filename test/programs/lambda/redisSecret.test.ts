import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Redis } from "ioredis"
import { PictureId } from "../../../src/domain/ids.ts"
import { slotKey } from "../../../src/queries/slotKey.ts"
import { describePostgres } from "../../engines/databases.ts"
import { describeRedis, startRedis } from "../../engines/redis.ts"
import { commit, posted, stream } from "../../support/encodedCommits.ts"
import { emptyReadModel, foldReadModel, readModel } from "../../support/readModel.ts"
import { serveSecret } from "../../support/secretsManager.ts"
import { recordsOf } from "../../support/streamRecords.ts"
import { projectorSurroundings, runProjector } from "./projectorLambda.ts"

const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:cache-projector-AbCdEf"
const picture = PictureId.make("sunset-42")
const log = [1, 2, 3].map((n) => commit(stream(n), 1, posted(`comment ${n}`, picture)))

const secretOf = (password: string) => JSON.stringify({ username: "projector", password })

/** A Redis that takes nobody but by a password, a secret with the projector's, and the Lambda that is told the secret. */
const begin = Effect.fnUntraced(function*(secret: string | null) {
  yield* emptyReadModel
  const url = yield* startRedis()
  const client = yield* Effect.acquireRelease(
    Effect.sync(() => new Redis(url)),
    (client) => Effect.sync(() => client.disconnect())
  )
  /** Gives the projector a password in place of those that it has, and ends what it has begun with them. */
  const change = Effect.fnUntraced(function*(password: string) {
    const rules = ["reset", "on", `>${password}`, "~marginalia:*", "+unlink"]
    yield* Effect.promise(() => client.call("ACL", "SETUSER", "projector", ...rules))
    yield* Effect.promise(() => client.call("CLIENT", "KILL", "USER", "projector"))
  })
  yield* change("first p@ss")
  yield* Effect.promise(() => client.call("ACL", "SETUSER", "default", "resetpass", ">the suite's"))
  const { environment, state } = yield* serveSecret(arn, secret)
  const lambda = yield* runProjector({ ...environment, REDIS_URL: url, REDIS_PASSWORD_SECRET: arn }, { sdk: true })
  /** Has one commit projected, and tells whether the cache was made to forget its picture. */
  const forgets = Effect.fnUntraced(function*(number: number) {
    yield* Effect.promise(() => client.hset(slotKey(picture), "generation", "g"))
    assert.deepStrictEqual(yield* lambda.failed(recordsOf(log.slice(number - 1, number))), [])
    assert.deepStrictEqual(yield* readModel, foldReadModel(log.slice(0, number)))
    return (yield* Effect.promise(() => client.exists(slotKey(picture)))) === 0
  })
  return { change, forgets, lambda, state }
})

describePostgres("The projector's Lambda, that is told a secret", () => {
  describeRedis("for Redis", () => {
    it.layer(projectorSurroundings)((it) => {
      it.effect("comes with the user and the password in it, which it reads once", () =>
        Effect.gen(function*() {
          const { forgets, state } = yield* begin(secretOf("first p@ss"))
          assert.deepStrictEqual([yield* forgets(1), yield* forgets(2)], [true, true])
          assert.strictEqual(state.reads, 1)
        }).pipe(Effect.scoped))

      it.effect("projects while nobody may read it, says so, and doesn't ask at every try", () =>
        Effect.gen(function*() {
          const { forgets, lambda, state } = yield* begin(null)
          assert.isFalse(yield* forgets(1))
          const said = `The secret ${arn}, which REDIS_PASSWORD_SECRET names, can't be read: AccessDeniedException`
          assert.include(yield* lambda.log, said)
          assert.strictEqual(state.reads, 2)
        }).pipe(Effect.scoped))

      it.effect("reads it again when Redis refuses the password, for it has another by now", () =>
        Effect.gen(function*() {
          const { change, forgets, lambda, state } = yield* begin(secretOf("first p@ss"))
          assert.isTrue(yield* forgets(1))
          yield* change("second p@ss")
          state.secret = secretOf("second p@ss")
          assert.isTrue(yield* forgets(2))
          assert.strictEqual(state.reads, 2)
          assert.notMatch(yield* lambda.log, /(?:first|second) p@ss/)
        }).pipe(Effect.scoped))

      it.effect("reads it again only once, whatever is to be forgotten, while the password in it is wrong", () =>
        Effect.gen(function*() {
          const { forgets, state } = yield* begin(secretOf("a wrong p@ss"))
          assert.deepStrictEqual([yield* forgets(1), yield* forgets(2)], [false, false])
          assert.strictEqual(state.reads, 2)
        }).pipe(Effect.scoped))
    })
  })
})
