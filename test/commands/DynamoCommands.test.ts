import { assert, it } from "@effect/vitest"
import { Effect, Layer, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { CommandHandler } from "../../src/commands/CommandHandler.ts"
import { decodeCommit } from "../../src/events/EventCodec.ts"
import { stored } from "../contract/eventStoreSteps.ts"
import { describeDynamo } from "../engines/dynamo.ts"
import { dynamoLog } from "../support/dynamoLog.ts"
import { commentId, edit, fresh, post, postedUnderKey } from "../support/given.ts"
import { handle } from "../support/handling.ts"

describeDynamo("Commands", (engine) => {
  const layer = CommandHandler.layer.pipe(
    Layer.provideMerge(dynamoLog(engine)),
    Layer.provide(SecureRandom.layerWebCrypto)
  )

  it.layer(layer, { excludeTestServices: true })((it) => {
    it.effect("are accepted, replayed under their key, and decided again after a conflict, with none lost", () =>
      Effect.gen(function*() {
        const posting = post("zero", { identity: postedUnderKey() })
        assert.strictEqual((yield* handle(posting)).outcome, "accepted")
        assert.strictEqual((yield* handle(posting)).outcome, "replayed")
        const edits = Array.from({ length: 8 }, (_, n) => handle(edit(`edit ${n}`, { identity: fresh(n + 1) })))
        for (const { outcome } of yield* Effect.all(edits, { concurrency: "unbounded" })) {
          assert.strictEqual(outcome, "accepted")
        }
        const commits = (yield* stored(commentId)).map((commit) => Result.getOrThrow(decodeCommit(commit)))
        const texts = commits.flatMap(({ events }) => events).map(({ body }) =>
          body._tag === "CommentDeleted" ? null : body.text
        )
        assert.sameMembers(texts, ["zero", ...edits.map((_, n) => `edit ${n}`)])
      }))
  })
})
