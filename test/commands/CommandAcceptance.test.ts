import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { CommandAcceptance } from "../../src/commands/CommandAcceptance.ts"
import type { CommentCommand } from "../../src/domain/CommentCommand.ts"
import type { CommandId } from "../../src/domain/ids.ts"
import { CorrelationId } from "../../src/domain/ids.ts"
import { found, settle } from "../contract/commandInboxSteps.ts"
import { underKey } from "../support/given.ts"
import { origin, toItsEnd } from "../support/handling.ts"
import { freshPost } from "../support/inboxEntries.ts"
import { befall, inboxDown, Mishaps, runningOnMemory } from "../support/running.ts"

const woken = Ref.makeUnsafe<ReadonlyArray<CommandId>>([])

const accepting = CommandAcceptance.layer({ accepted: (id) => Ref.update(woken, (ids) => [...ids, id]) }).pipe(
  Layer.provideMerge(runningOnMemory)
)

const accept = (command: CommentCommand, correlationId = origin.correlationId) =>
  CommandAcceptance.use((acceptance) => acceptance.accept(command, { ...origin, correlationId }))

const { fingerprint } = underKey(1)
const another = CorrelationId.make("another-request")

describe("Accepting a command", () => {
  it.effect("stores it with its time and its request, and tells whoever runs it", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1000.75)
      const command = freshPost()
      assert.deepStrictEqual(yield* accept(command), { id: command.commandId, replayed: false })
      assert.deepStrictEqual<unknown>(yield* found(command.commandId), {
        command,
        origin,
        acceptedAt: 1000,
        outcome: null
      })
      assert.include(yield* Ref.get(woken), command.commandId)
    }).pipe(Effect.provide(accepting)))

  it.effect("tells a retry under its key from the first, also when it has been decided", () =>
    Effect.gen(function*() {
      const command = { ...freshPost(), fingerprint }
      const { commandId: id } = command
      assert.isFalse((yield* accept(command)).replayed)
      assert.deepStrictEqual(yield* accept(command, another), { id, replayed: true })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* accept(command), { id, replayed: true })
      yield* settle(id, { _tag: "Failed", reason: "a reason" })
      assert.deepStrictEqual(yield* accept(command), { id, replayed: true })
    }).pipe(Effect.provide(accepting)))

  it.effect("refuses another command under the same key", () =>
    Effect.gen(function*() {
      const command = { ...freshPost(), fingerprint }
      yield* accept(command)
      const reused = yield* Effect.flip(accept({ ...command, fingerprint: underKey(1, "another-load").fingerprint }))
      assert.deepInclude(reused, { _tag: "IdempotencyKeyReused", commentId: command.commentId })
      assert.deepStrictEqual((yield* found(command.commandId)).command, command)
    }).pipe(Effect.provide(accepting)))

  it.effect("is repeated when its outcome is unknown, and is no retry for that", () =>
    Effect.gen(function*() {
      const { unharmed } = yield* Mishaps
      let tries = 0
      yield* befall({
        inbox: {
          accept: (entry) => {
            tries++
            const accept = unharmed.accept(entry)
            return tries < 3 ? Effect.andThen(accept, inboxDown("accept", "unknown")) : accept
          }
        }
      })
      const command = freshPost()
      assert.deepStrictEqual(yield* toItsEnd(accept(command)), { id: command.commandId, replayed: false })
      assert.strictEqual(tries, 3)
    }).pipe(Effect.provide(accepting)))

  it.effect("fails while the inbox is down, and says whether the command may have been accepted", () =>
    Effect.gen(function*() {
      for (const outcome of ["nothing", "unknown"] as const) {
        yield* befall({ inbox: { accept: () => inboxDown("accept", outcome) } })
        const command = freshPost()
        assert.deepInclude(yield* toItsEnd(Effect.flip(accept(command))), { _tag: "InboxUnavailable", outcome })
        assert.notInclude(yield* Ref.get(woken), command.commandId)
      }
    }).pipe(Effect.provide(accepting)))
})
