import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import type { CommentCommand } from "../../src/domain/CommentCommand.ts"
import { CommentEvent, RecordedEvent } from "../../src/domain/CommentEvent.ts"
import { absent, CommentState, versionOf } from "../../src/domain/CommentState.ts"
import { evolve } from "../../src/domain/evolve.ts"
import { Timestamp, Version } from "../../src/domain/ids.ts"
import { commandsOn, integer, recordedEvent } from "../support/arbitraries.ts"
import type { Outcome } from "../support/given.ts"
import { commentId, decided, replayed } from "../support/given.ts"

/** One command in the life of a comment: what it met, what came of it, and what it left behind. */
interface Turn {
  readonly command: CommentCommand
  readonly before: CommentState
  readonly outcome: Outcome
  readonly events: ReadonlyArray<RecordedEvent>
  readonly after: CommentState
}

const template = Arbitrary.map(recordedEvent, (event) => ({ ...event, stream: commentId }))

// Whatever a decided event doesn't say is taken from a generated one; the versions follow the state.
const turnsOf = (commands: ReadonlyArray<CommentCommand>, like: RecordedEvent): ReadonlyArray<Turn> => {
  let state = absent
  return commands.map((command): Turn => {
    const before = state
    const outcome = decided(before, command)
    const { commandId, fingerprint } = command
    const events = outcome._tag !== "Accepted" ? [] : outcome.events.map((body, index) =>
      RecordedEvent.make({
        ...like,
        actor: command.actor.id,
        commandId,
        fingerprint,
        version: Version.make(versionOf(before) + 1 + index),
        occurredAt: Timestamp.make(1000 * (versionOf(before) + 1)),
        body
      })
    )
    state = events.reduce(evolve, before)
    return { command, before, outcome, events, after: state }
  })
}

const life = Arbitrary.map(
  Arbitrary.all([commandsOn(commentId), template]),
  ([commands, like]) => turnsOf(commands, like)
)
const logOf = (turns: ReadonlyArray<Turn>) => turns.flatMap(({ events }) => events)
const present = (turns: ReadonlyArray<Turn>): CommentState => turns.at(-1)?.after ?? absent

const throughJson = <A, I>(schema: Schema.Codec<A, I>, value: A): A => {
  const codec = Schema.toCodecJson(schema)
  return Schema.decodeUnknownSync(codec)(JSON.parse(JSON.stringify(Schema.encodeSync(codec)(value))))
}

const check = (body: () => void) => Effect.sync(body)

describe("Any sequence of commands", () => {
  it.effect.prop("has an outcome each time, and always the same for the same state", [life], ([turns]) =>
    check(() => {
      for (const { before, command, outcome } of turns) {
        const untouched = structuredClone({ before, command })
        assert.deepStrictEqual(decided(before, command), outcome)
        assert.deepStrictEqual({ before, command }, untouched)
      }
    }))

  it.effect.prop("leaves a log without gaps, and a state that stands at its end", [life], ([turns]) =>
    check(() => {
      const log = logOf(turns)
      assert.deepStrictEqual(log.map(({ version }): number => version), log.map((_, index) => index + 1))
      assert.strictEqual(versionOf(present(turns)), log.length)
    }))

  it.effect.prop(
    "is told whole by its log: folding it gives the state again",
    [life],
    ([turns]) => check(() => assert.deepStrictEqual(logOf(turns).reduce(evolve, absent), present(turns)))
  )

  it.effect.prop("may be interrupted by a snapshot anywhere", [life, integer(0, 40)], ([turns, cut]) =>
    check(() => {
      const log = logOf(turns)
      const snapshot = throughJson(CommentState, log.slice(0, cut).reduce(evolve, absent))
      assert.deepStrictEqual(log.slice(cut).reduce(evolve, snapshot), present(turns))
    }))

  it.effect.prop("has no event that passes without a trace", [life], ([turns]) =>
    check(() => {
      logOf(turns).reduce((state, event) => {
        const next = evolve(state, event)
        assert.notStrictEqual(next, state)
        assert.strictEqual(versionOf(next), event.version)
        assert.include(next, { changedAt: event.occurredAt })
        return next
      }, absent)
    }))

  it.effect.prop("begins with a post and goes on until it is deleted", [life], ([turns]) =>
    check(() => {
      const tags = logOf(turns).map(({ body }) => body._tag)
      assert.match(tags.join(" "), /^(CommentPosted( CommentEdited)*( CommentDeleted)?)?$/)
    }))

  it.effect.prop(
    "answers an accepted command that comes again at once by its replay",
    [life],
    ([turns]) =>
      check(() => {
        for (const { after, command, outcome } of turns) {
          if (outcome._tag === "Accepted") {
            assert.deepStrictEqual(decided(after, command), replayed(versionOf(after)))
          }
        }
      })
  )

  it.effect.prop(
    "changes only what its author wants changed, but for deletions by moderators",
    [life],
    ([turns]) =>
      check(() => {
        for (const { before, command, events } of turns) {
          if (events.length === 0 || before._tag === "Absent" || command.actor.id === before.authorId) continue
          assert.isTrue(command.actor.moderator)
          assert.deepStrictEqual(events.map(({ body }) => body), [{ _tag: "CommentDeleted", by: "moderator" }])
        }
      })
  )
})

describe("Events that can't follow", () => {
  it.effect.prop(
    "leave a state as it is: folding whatever there is never fails",
    [Arbitrary.array(recordedEvent, { maxLength: 12 })],
    ([events]) =>
      check(() => {
        events.reduce((state, event) => {
          const next = evolve(state, event)
          const follows = event.body._tag === "CommentPosted" ? state._tag === "Absent" : state._tag === "Active"
          if (!follows) assert.strictEqual(next, state)
          return next
        }, absent)
      })
  )
})

describe("Through JSON and back come", () => {
  it.effect.prop("every state", [life], ([turns]) =>
    check(() => {
      for (const { after } of turns) assert.deepStrictEqual(throughJson(CommentState, after), after)
    }))

  it.effect.prop("every event, alone and as it is recorded", [recordedEvent], ([event]) =>
    check(() => {
      assert.deepStrictEqual(throughJson(RecordedEvent, event), event)
      assert.deepStrictEqual(throughJson(CommentEvent, event.body), event.body)
    }))
})

it.effect("The sequences that these properties are tried on have every outcome in them, again and again", () =>
  Effect.gen(function*() {
    const samples = yield* Arbitrary.sampleEffect(life, { count: 300, size: 30, seed: "outcomes" })
    const tags = samples.flatMap((turns) => turns.map(({ outcome }) => outcome._tag))
    for (
      const tag of [
        "Accepted",
        "Unchanged",
        "Replayed",
        "CommentNotFound",
        "CommentGone",
        "NotTheAuthor",
        "VersionMismatch",
        "IdempotencyKeyReused"
      ]
    ) {
      assert.isAbove(tags.filter((one) => one === tag).length, 20, tag)
    }
  }))
