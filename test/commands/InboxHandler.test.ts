import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { CommandInbox, EntryUndecodable } from "../../src/commands/CommandInbox.ts"
import { maxConflicts } from "../../src/commands/decideAndAppend.ts"
import { InboxHandler } from "../../src/commands/InboxHandler.ts"
import { Version } from "../../src/domain/ids.ts"
import { CommitUndecodable, EventStore, EventStoreUnavailable, VersionConflict } from "../../src/events/EventStore.ts"
import { accepted, found, postedBy, settle } from "../contract/commandInboxSteps.ts"
import { toItsEnd } from "../support/handling.ts"
import { freshEdit, freshPost } from "../support/inboxEntries.ts"
import { quiet } from "../support/projection.ts"
import { befall, inboxDown, Mishaps, runningOnMemory } from "../support/running.ts"

const run = (id: Parameters<InboxHandler["Service"]["run"]>[0]) => InboxHandler.use((handler) => handler.run(id))

const unavailable = (outcome: EventStoreUnavailable["outcome"]) =>
  new EventStoreUnavailable({ operation: "append", outcome, cause: new Error("planned by a test") })

const statusOf = (id: Parameters<typeof found>[0]) => Effect.map(found(id), ({ outcome }) => outcome?._tag ?? "pending")

const versionOf = (stream: Parameters<EventStore["Service"]["load"]>[0]) =>
  EventStore.use((store) => Effect.map(store.load(stream, "strong"), ({ version }) => version))

describe("An accepted command", () => {
  it.effect("is run once, and left alone after that; one that nobody accepted is none", () =>
    Effect.gen(function*() {
      const post = yield* accepted(freshPost())
      yield* run(post.commandId)
      yield* befall({ store: { load: () => Effect.die("there was no need") } })
      yield* run(post.commandId)
      yield* run(freshPost().commandId)
      assert.strictEqual(yield* statusOf(post.commandId), "Done")
    }).pipe(Effect.provide(runningOnMemory)))

  it.effect("stays pending while something that is needed fails, and is decided by the next delivery", () =>
    Effect.gen(function*() {
      const post = freshPost()
      yield* postedBy(post)
      const edit = yield* accepted(freshEdit(post.commentId, "two"))
      for (
        const mishaps of [
          { inbox: { find: () => inboxDown("find") } },
          { inbox: { appendAndSettle: () => Effect.fail(unavailable("nothing")) } },
          { inbox: { appendAndSettle: () => Effect.fail(unavailable("unknown")) } },
          { store: { load: () => Effect.fail(unavailable("nothing")) } }
        ]
      ) {
        yield* befall(mishaps)
        const error = yield* toItsEnd(Effect.flip(run(edit.commandId)))
        assert.include(["InboxUnavailable", "EventStoreUnavailable"], error._tag)
        yield* befall({})
        assert.strictEqual(yield* statusOf(edit.commandId), "pending")
        assert.strictEqual(yield* versionOf(post.commentId), 1)
      }
      yield* run(edit.commandId)
      assert.strictEqual(yield* statusOf(edit.commandId), "Done")
      assert.strictEqual(yield* versionOf(post.commentId), 2)
    }).pipe(Effect.provide(runningOnMemory)))

  it.effect("stays pending while others keep changing the comment: it is decided when they leave off", () =>
    Effect.gen(function*() {
      const post = freshPost()
      yield* postedBy(post)
      const edit = yield* accepted(freshEdit(post.commentId, "two"))
      let tries = 0
      yield* befall({
        inbox: {
          appendAndSettle: ({ stream, version }) => {
            tries++
            return Effect.fail(new VersionConflict({ stream, expectedVersion: version, winner: null }))
          }
        }
      })
      assert.strictEqual((yield* toItsEnd(Effect.flip(run(edit.commandId))))._tag, "CommandContended")
      assert.strictEqual(tries, maxConflicts + 1)
      yield* befall({})
      assert.strictEqual(yield* statusOf(edit.commandId), "pending")
      yield* run(edit.commandId)
      assert.strictEqual(yield* statusOf(edit.commandId), "Done")
    }).pipe(Effect.provide(runningOnMemory)))

  it.effect("is appended once though the answer of its transaction is lost: the identical one is repeated", () =>
    Effect.gen(function*() {
      const post = yield* accepted(freshPost())
      const { unharmed } = yield* Mishaps
      const ids: Array<string> = []
      yield* befall({
        inbox: {
          appendAndSettle: (head, commit, id, outcome) => {
            ids.push(commit.id)
            const append = unharmed.appendAndSettle(head, commit, id, outcome)
            return ids.length === 1 ? Effect.andThen(append, Effect.fail(unavailable("unknown"))) : append
          }
        }
      })
      yield* toItsEnd(run(post.commandId))
      assert.strictEqual(new Set(ids).size, 1)
      assert.strictEqual(yield* versionOf(post.commentId), 1)
      assert.strictEqual(yield* statusOf(post.commandId), "Done")
    }).pipe(Effect.provide(runningOnMemory)))

  it.effect("is settled though the first try to say so is lost", () =>
    Effect.gen(function*() {
      const edit = yield* accepted(freshEdit(freshPost().commentId, "two"))
      let tries = 0
      yield* befall({
        inbox: {
          settle: () => {
            tries++
            return tries < 3 ? inboxDown("settle", "unknown") : Effect.succeed(true)
          }
        }
      })
      yield* toItsEnd(run(edit.commandId))
      assert.strictEqual(tries, 3)
    }).pipe(Effect.provide(runningOnMemory)))

  it.effect("has failed for good where its comment's log can't be read", () =>
    Effect.gen(function*() {
      const edit = yield* accepted(freshEdit(freshPost().commentId, "two"))
      const damaged = new CommitUndecodable({ stream: edit.commentId, version: Version.make(1), reason: "damaged" })
      yield* befall({ store: { load: () => Effect.fail(damaged) } })
      yield* run(edit.commandId)
      assert.deepStrictEqual((yield* found(edit.commandId)).outcome, { _tag: "Failed", reason: "damaged" })
    }).pipe(Effect.provide([runningOnMemory, quiet])))

  it.effect("is left for a newer version where it can't be read", () =>
    Effect.gen(function*() {
      const { commandId: id } = yield* accepted(freshPost())
      yield* befall({ inbox: { find: () => Effect.fail(new EntryUndecodable({ id, reason: "schema 2" })) } })
      yield* run(id)
      yield* befall({})
      assert.strictEqual(yield* statusOf(id), "pending")
    }).pipe(Effect.provide([runningOnMemory, quiet])))

  it.effect("is nobody's any more where it was settled while it was decided", () =>
    Effect.gen(function*() {
      const post = yield* accepted(freshPost())
      const { find } = yield* CommandInbox
      const entry = Option.getOrThrow(yield* find(post.commandId))
      assert.isTrue(yield* settle(post.commandId, { _tag: "Failed", reason: "elsewhere" }))
      yield* befall({ inbox: { find: () => Effect.succeedSome(entry) } })
      yield* run(post.commandId)
      yield* befall({})
      assert.strictEqual(yield* statusOf(post.commandId), "Failed")
      assert.strictEqual(yield* versionOf(post.commentId), 0)
    }).pipe(Effect.provide(runningOnMemory)))
})
