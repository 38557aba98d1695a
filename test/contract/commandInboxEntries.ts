import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { CommandInbox } from "../../src/commands/CommandInbox.ts"
import type { InboxOutcome } from "../../src/commands/InboxEntry.ts"
import { CommandId, Timestamp, Version } from "../../src/domain/ids.ts"
import {
  CommentGone,
  CommentNotFound,
  IdempotencyKeyReused,
  NotTheAuthor,
  VersionMismatch
} from "../../src/domain/Rejection.ts"
import { freshStream } from "../support/commitOn.ts"
import { anyVersion, commentId, mo, standingAt, underKey, versions } from "../support/given.ts"
import { acceptedAt, entryOf, freshEdit, freshPost, freshRemoval } from "../support/inboxEntries.ts"
import type { It } from "./commandInboxSteps.ts"
import { accept, accepted, found, settle } from "./commandInboxSteps.ts"

const { fingerprint } = underKey(1)

const comment = { version: Version.make(2), createdAt: acceptedAt, editedAt: acceptedAt }

const done: InboxOutcome = { _tag: "Done", outcome: "accepted", standing: standingAt(2), comment }

const outcomes: ReadonlyArray<InboxOutcome> = [
  done,
  { ...done, outcome: "replayed", comment: { ...comment, editedAt: null } },
  { ...done, outcome: "unchanged", comment: null },
  { _tag: "Rejected", rejection: new CommentNotFound({ commentId }) },
  { _tag: "Rejected", rejection: new NotTheAuthor({ commentId }) },
  { _tag: "Rejected", rejection: new IdempotencyKeyReused({ commentId }) },
  { _tag: "Rejected", rejection: new CommentGone({ standing: standingAt(3) }) },
  { _tag: "Rejected", rejection: new VersionMismatch({ standing: standingAt(0) }) },
  { _tag: "Failed", reason: "the event type \"CommentLiked\" is unknown" }
]

// In the past, so that they are told from what the other tests accept.
const hour = 60 * 60 * 1000
const past = (milliseconds: number) => Timestamp.make(acceptedAt - hour + milliseconds)

const stale = (before: Timestamp, limit: number) => CommandInbox.use((inbox) => inbox.stale(before, limit))

export const entries = (it: It): void => {
  it.effect("keeps an entry as it was accepted: it is pending", () =>
    Effect.gen(function*() {
      const stream = freshStream()
      const commands = [
        freshPost("\u{1F305}\n\t\"'\\ \u00e9"),
        { ...freshPost(), fingerprint },
        { ...freshEdit(stream, "one"), precondition: versions(1, 3) },
        { ...freshRemoval(stream), actor: mo, precondition: anyVersion }
      ]
      for (const command of commands) {
        const entry = entryOf(command)
        assert.isNull(yield* accept(entry))
        assert.deepStrictEqual(yield* found(command.commandId), entry)
      }
    }))

  it.effect("knows nothing of a command that nobody has accepted", () =>
    Effect.gen(function*() {
      const { commandId } = freshPost()
      assert.deepStrictEqual(yield* CommandInbox.use((inbox) => inbox.find(commandId)), Option.none())
      assert.isFalse(yield* settle(commandId, done))
      assert.deepStrictEqual(yield* CommandInbox.use((inbox) => inbox.find(commandId)), Option.none())
    }))

  it.effect("accepts a command once: whoever comes again is told what is there, pending or not", () =>
    Effect.gen(function*() {
      const first = entryOf({ ...freshPost("one"), fingerprint })
      const again = entryOf({ ...freshPost("two", first.command.commentId) }, Timestamp.make(acceptedAt + 1))
      assert.isNull(yield* accept(first))
      assert.deepStrictEqual(yield* accept(again), first)
      assert.isTrue(yield* settle(first.command.commandId, done))
      assert.deepStrictEqual(yield* accept(again), { ...first, outcome: done })
      assert.deepStrictEqual(yield* found(first.command.commandId), { ...first, outcome: done })
    }))

  it.effect("accepts a command once, however many come at once", () =>
    Effect.gen(function*() {
      const commentId = freshStream()
      const entries = Array.from({ length: 16 }, (_, n) => entryOf(freshPost(`text ${n}`, commentId)))
      const given = yield* Effect.forEach(entries, accept, { concurrency: "unbounded" })
      const winner = yield* found(CommandId.make(commentId))
      assert.strictEqual(given.filter((present) => present === null).length, 1)
      for (const present of given) if (present !== null) assert.deepStrictEqual(present, winner)
    }))

  it.effect("keeps each kind of outcome as it was", () =>
    Effect.gen(function*() {
      for (const outcome of outcomes) {
        const { commandId } = yield* accepted(freshPost())
        assert.isTrue(yield* settle(commandId, outcome))
        assert.deepStrictEqual((yield* found(commandId)).outcome, outcome)
      }
    }))

  it.effect("settles an entry once, whoever tries, and however many at once", () =>
    Effect.gen(function*() {
      const { commandId } = yield* accepted(freshPost())
      const tries = Array.from({ length: 16 }, (_, n) => outcomes[n % outcomes.length] ?? done)
      const settled = yield* Effect.forEach(tries, (outcome) => settle(commandId, outcome), {
        concurrency: "unbounded"
      })
      assert.strictEqual(settled.filter(Boolean).length, 1)
      assert.deepStrictEqual((yield* found(commandId)).outcome, tries[settled.indexOf(true)])
    }))

  it.effect("finds what has been pending since before a time, and nothing that is settled or younger", () =>
    Effect.gen(function*() {
      const old = [freshPost(), freshPost(), freshPost(), freshPost()]
      const [first, second, settled, young] = old
      for (const [n, command] of old.entries()) yield* accept(entryOf(command, past(n * 1000)))
      assert(first !== undefined && second !== undefined && settled !== undefined && young !== undefined)
      assert.isTrue(yield* settle(settled.commandId, done))
      const expected = [
        { id: first.commandId, acceptedAt: past(0) },
        { id: second.commandId, acceptedAt: past(1000) }
      ]
      // Looking may miss what changed lately, so it is waited for.
      const waiting = yield* Effect.repeat(stale(past(3000), 10), { until: (waiting) => waiting.length === 2 })
      assert.sameDeepMembers([...waiting], expected)
      assert.lengthOf(yield* stale(past(3000), 1), 1)
      assert.lengthOf(yield* stale(past(0), 10), 0)
      for (const { commandId } of [first, second, young]) assert.isTrue(yield* settle(commandId, done))
      yield* Effect.repeat(stale(past(hour / 2), 10), { until: (waiting) => waiting.length === 0 })
    }))
}
