import { assert } from "@effect/vitest"
import { Array, Effect, Layer, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { CommandHandler } from "../../src/commands/CommandHandler.ts"
import { InboxHandler } from "../../src/commands/InboxHandler.ts"
import type { CommentCommand } from "../../src/domain/CommentCommand.ts"
import { type CommentId, Version } from "../../src/domain/ids.ts"
import { decodeCommit } from "../../src/events/EventCodec.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import { bruno, versions } from "../support/given.ts"
import { origin } from "../support/handling.ts"
import { freshEdit, freshPost, freshRemoval } from "../support/inboxEntries.ts"
import type { It } from "./commandInboxSteps.ts"
import { accepted, found, postedBy } from "./commandInboxSteps.ts"

const handlers = Layer.merge(InboxHandler.layer, CommandHandler.layer).pipe(
  Layer.provide(SecureRandom.layerWebCrypto)
)

const atOnce = { concurrency: "unbounded", discard: true } as const

/** Delivers accepted commands, each several times, all at once. What stays pending is delivered again. */
const deliver = (times: number, ...commands: ReadonlyArray<CommentCommand>) =>
  Effect.forEach(
    commands.flatMap((command) => Array.makeBy(times, () => command)),
    ({ commandId }) => Effect.eventually(InboxHandler.use((handler) => handler.run(commandId))),
    atOnce
  )

/** The commands that the events of a stream came from, in their order. */
const commandsIn = (stream: CommentId) =>
  EventStore.use((store) =>
    Effect.map(
      store.readStream(stream, { from: Version.make(1), limit: 1000 }),
      (commits) =>
        commits.flatMap((commit) => Result.getOrThrow(decodeCommit(commit)).events.map(({ commandId }) => commandId))
    )
  )

const outcomeOf = ({ commandId }: CommentCommand) => Effect.map(found(commandId), ({ outcome }) => outcome)

export const deliveries = (it: It): void => {
  it.effect("lets a command be delivered eight times at once: its events are appended once, and its outcome says so", () =>
    Effect.gen(function*() {
      const post = yield* accepted(freshPost())
      yield* deliver(8, post)
      const edit = yield* accepted(freshEdit(post.commentId, "two"))
      yield* deliver(8, edit)
      const removal = yield* accepted(freshRemoval(post.commentId))
      yield* deliver(8, removal)
      const commands = [post, edit, removal]
      assert.deepStrictEqual(yield* commandsIn(post.commentId), commands.map(({ commandId }) => commandId))
      for (const [n, command] of commands.entries()) {
        const outcome = yield* outcomeOf(command)
        assert(outcome?._tag === "Done")
        assert.strictEqual(outcome.outcome, "accepted")
        assert.strictEqual(outcome.standing.version, n + 1)
      }
      yield* deliver(2, ...commands)
      assert.lengthOf(yield* commandsIn(post.commentId), 3)
    }).pipe(Effect.provide(handlers)))

  it.effect("lets many commands on one comment be delivered twice each, beside others that are waited for", () =>
    Effect.gen(function*() {
      const post = freshPost()
      yield* postedBy(post)
      const edits = yield* Effect.forEach(
        Array.makeBy(8, (n) => freshEdit(post.commentId, `later ${n}`)),
        accepted
      )
      const waited = Array.makeBy(4, (n) => freshEdit(post.commentId, `at once ${n}`))
      yield* Effect.all([
        deliver(2, ...edits),
        Effect.forEach(
          waited,
          (command) => Effect.eventually(CommandHandler.use((handler) => handler.handle(command, origin))),
          atOnce
        )
      ], { concurrency: "unbounded" })
      for (const edit of edits) assert.strictEqual((yield* outcomeOf(edit))?._tag, "Done")
      assert.sameMembers(
        yield* commandsIn(post.commentId),
        [post, ...edits, ...waited].map(({ commandId }) => commandId)
      )
    }).pipe(Effect.provide(handlers)))

  it.effect("comes to one of two outcomes for all deliveries, where somebody else changes the comment meanwhile", () =>
    Effect.gen(function*() {
      for (let round = 0; round < 6; round++) {
        const post = freshPost()
        yield* postedBy(post)
        const edit = yield* accepted({ ...freshEdit(post.commentId, "later"), precondition: versions(1) })
        const stranger = yield* accepted({ ...freshEdit(post.commentId, "never"), actor: bruno })
        const rival = freshEdit(post.commentId, "at once")
        yield* Effect.all([
          deliver(4, edit, stranger),
          Effect.eventually(CommandHandler.use((handler) => handler.handle(rival, origin)))
        ], { concurrency: "unbounded" })
        const outcome = yield* outcomeOf(edit)
        const happened = yield* commandsIn(post.commentId)
        assert.deepStrictEqual(
          happened,
          outcome?._tag === "Done"
            ? [post.commandId, edit.commandId, rival.commandId]
            : [post.commandId, rival.commandId]
        )
        if (outcome?._tag !== "Done") {
          assert(outcome?._tag === "Rejected")
          assert.strictEqual(outcome.rejection._tag, "VersionMismatch")
        }
        const refusal = yield* outcomeOf(stranger)
        assert(refusal?._tag === "Rejected")
        assert.strictEqual(refusal.rejection._tag, "NotTheAuthor")
      }
    }).pipe(Effect.provide(handlers)))
}
