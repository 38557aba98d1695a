import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Result, Schema } from "effect"
import { Version } from "../../src/domain/ids.ts"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { inOrder } from "../../src/projections/backlog.ts"
import type { StreamPlan, VersionRange } from "../../src/projections/plan.ts"
import { planStream } from "../../src/projections/plan.ts"
import type { StreamPosition } from "../../src/projections/StreamPosition.ts"
import { elementOf, integer, oneOf } from "../support/arbitraries.ts"
import { ana, deleted, edited, history, posted, stream, sunset, timeOf } from "../support/encodedCommits.ts"

const subject = stream(1)

const at = (version: number): StreamPosition => ({
  stream: subject,
  version,
  pictureId: version === 0 ? null : sunset,
  authorId: version === 0 ? null : ana,
  parked: false
})

const plan = (position: StreamPosition, commits: ReadonlyArray<EncodedCommit>, read: VersionRange | null = null) =>
  planStream(position, { stream: subject, commits, read, redrive: false })

const reached = ({ before, draft }: StreamPlan): StreamPosition => ({
  ...before,
  version: draft.version,
  pictureId: draft.pictureId,
  authorId: draft.authorId
})

const log = history(
  subject,
  [posted("one")],
  [edited("two"), edited("three")],
  [edited("four")],
  [edited("five"), edited("six"), edited("seven")],
  [deleted]
)

const originals = Arbitrary.filterMap(integer(0, log.length - 1), (at) => Result.fromNullishOr(log[at], () => at))

const anyCommit: Arbitrary.Arbitrary<EncodedCommit> = Arbitrary.map(
  Arbitrary.all({
    original: originals,
    version: integer(1, 6),
    length: integer(0, 3),
    events: oneOf(
      elementOf<ReadonlyArray<unknown> | null>(null),
      Arbitrary.array(
        oneOf<unknown>(Arbitrary.schema(Schema.Unknown), Arbitrary.map(originals, ({ events }) => events[0]))
      )
    )
  }),
  ({ events, length, original, version }) =>
    events === null
      ? original
      : { ...original, version: Version.make(version), lastVersion: Version.make(version + length), events }
)

describe("A plan", () => {
  it.effect.prop(
    "takes what follows the position without a gap, and says what it leaves",
    { picks: Arbitrary.array(integer(0, 4), { maxLength: 8 }), commits: integer(0, 5) },
    ({ commits, picks }) =>
      Effect.sync(() => {
        const position = at(log[commits - 1]?.lastVersion ?? 0)
        const delivered = inOrder(picks.flatMap((pick) => log[pick] ?? []))
        const { applied, draft, poison, rest, skipped } = plan(position, delivered)
        assert.isNull(poison)
        assert.strictEqual(draft.version, position.version + applied)
        assert.deepStrictEqual(
          draft.history.map(({ version }) => version),
          Array.from({ length: applied }, (_, index) => position.version + 1 + index)
        )
        // What is left begins behind a gap, and nothing that was delivered is lost.
        assert(rest.every(({ version }) => version > draft.version + 1))
        const events = delivered.reduce((sum, { events }) => sum + events.length, 0)
        assert.strictEqual(events, applied + skipped + rest.reduce((sum, { events }) => sum + events.length, 0))
      })
  )

  it.effect.prop(
    "comes to the same wherever the commits are divided",
    { cuts: Arbitrary.array(integer(0, 5), { maxLength: 4 }) },
    ({ cuts }) =>
      Effect.sync(() => {
        const whole = plan(at(0), log)
        let position = at(0)
        const entries = []
        for (const cut of [...cuts.toSorted(), log.length]) {
          // Each delivery holds all that came before it too.
          const part = plan(position, log.slice(0, cut))
          entries.push(...part.draft.history)
          position = reached(part)
        }
        assert.deepStrictEqual(position, reached(whole))
        assert.deepStrictEqual(entries, [...whole.draft.history])
      })
  )

  it.effect.prop(
    "is made for whatever lies in the log, and applies nothing behind what it can't read",
    { commits: Arbitrary.array(anyCommit, { maxLength: 6 }), version: integer(0, 3) },
    ({ commits, version }) =>
      Effect.sync(() => {
        const { applied, draft, poison } = plan(at(version), inOrder(commits))
        assert.strictEqual(draft.version, version + applied)
        assert.lengthOf(draft.history, applied)
        if (poison !== null) assert.strictEqual(poison.version, draft.version + 1)
      }),
    { arbitrary: { runs: 500 } }
  )

  it("leaves a deleted comment without its text, and its history with all of them", () => {
    const { draft } = plan(at(0), log)
    assert.deepInclude(draft, { text: null, deletedAt: timeOf(8), editedAt: timeOf(7), postedAt: timeOf(1) })
    assert.deepStrictEqual(draft.history.map(({ text }) => text), [
      "one",
      "two",
      "three",
      "four",
      "five",
      "six",
      "seven",
      null
    ])
  })

  it("waits for healing where nobody has looked into the log", () => {
    const { poison, rest } = plan(at(1), log.slice(2))
    assert.isNull(poison)
    assert.deepStrictEqual(rest, log.slice(2))
  })

  it("takes a version as lost only where the log has been read", () => {
    const lost = (read: VersionRange) => plan(at(1), log.slice(2), read).poison?.version
    assert.strictEqual(lost({ from: 2, to: Infinity }), 2)
    assert.strictEqual(lost({ from: 1, to: 2 }), 2)
    assert.isUndefined(lost({ from: 1, to: 1 }))
    assert.isUndefined(lost({ from: 3, to: Infinity }))
  })

  it("leaves a parked stream alone unless it is redriven", () => {
    const parked = { ...at(1), parked: true }
    const work = { stream: subject, commits: log.slice(1), read: null }
    assert.deepInclude(planStream(parked, { ...work, redrive: false }), { applied: 0, skipped: 7, unparks: false })
    assert.deepInclude(planStream(parked, { ...work, redrive: true }), { applied: 7, skipped: 0, unparks: true })
    assert.deepInclude(planStream(parked, { ...work, commits: [], redrive: true }), { applied: 0, unparks: true })
    assert.isFalse(planStream(at(1), { ...work, redrive: true }).unparks)
  })
})
