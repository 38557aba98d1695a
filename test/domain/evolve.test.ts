import { assert, describe, it } from "@effect/vitest"
import { Array, Effect } from "effect"
import { absent, rememberedCommands } from "../../src/domain/CommentState.ts"
import { evolve } from "../../src/domain/evolve.ts"
import type { Identity } from "../support/given.ts"
import {
  ana,
  deleted,
  edited,
  fresh,
  given,
  pictureId,
  posted,
  postedUnderKey,
  recorded,
  underKey
} from "../support/given.ts"
import { history } from "../support/histories.ts"

const remembered = ({ commandId, fingerprint }: Identity, version: number) => ({ id: commandId, version, fingerprint })

describe("A comment", () => {
  const accepted = [remembered(postedUnderKey(), 1), remembered(underKey(1), 2), remembered(underKey(2), 3)]
  const lasting = { pictureId, authorId: ana.id, createdAt: 1000, posted: remembered(postedUnderKey(), 1) }

  it("that was posted has its text, and was never edited", () => {
    assert.deepStrictEqual<unknown>(given(posted("zero", postedUnderKey())).state, {
      ...lasting,
      _tag: "Active",
      text: "zero",
      version: 1,
      changedAt: 1000,
      editedAt: null,
      accepted: accepted.slice(0, 1)
    })
  })

  it("that was edited has the last text, and the time of the last edit", () => {
    const twice = given(posted("zero", postedUnderKey()), edited("one", underKey(1)), edited("two", underKey(2)))
    assert.deepStrictEqual<unknown>(twice.state, {
      ...lasting,
      _tag: "Active",
      text: "two",
      version: 3,
      changedAt: 3000,
      editedAt: 3000,
      accepted
    })
  })

  it("that was deleted has no text any more, also not in what a snapshot would store", () => {
    const removed = given(posted("zero", postedUnderKey()), edited("one", underKey(1)), deleted(underKey(2)))
    assert.deepStrictEqual<unknown>(removed.state, {
      ...lasting,
      _tag: "Deleted",
      version: 3,
      changedAt: 3000,
      accepted
    })
  })

  it.effect.prop(
    "remembers its last 16 accepted commands, however many events each of them brought",
    [history],
    ([{ commits }]) =>
      Effect.sync(() => {
        let state = absent
        const commands = commits.map(({ events }, index) => {
          // In the log no two commits have the same command. Generated ones may.
          const { commandId } = fresh(index)
          state = events.reduce((state, event) => evolve(state, { ...event, commandId }), state)
          const { fingerprint, version } = Array.lastNonEmpty(events)
          return remembered({ commandId, fingerprint }, version)
        })
        assert.deepStrictEqual<unknown>(
          state._tag === "Absent" ? [] : state.accepted,
          commands.slice(-rememberedCommands)
        )
        assert.strictEqual(state._tag === "Absent" ? undefined : state.posted.id, commands[0]?.id)
      })
  )

  it.effect.prop(
    "never goes back in time, whatever the clock does",
    [history],
    ([{ commits, heads }]) =>
      Effect.sync(() => {
        const times = commits.flatMap(({ events }) => events.map(({ occurredAt }) => occurredAt))
        assert.deepStrictEqual(times, times.toSorted((one, other) => one - other))
        assert.deepStrictEqual(
          heads.flatMap(({ state }) => (state._tag === "Absent" ? [] : [state.changedAt])),
          commits.map(({ events }) => Array.lastNonEmpty(events).occurredAt)
        )
      })
  )

  it("can't be posted again, nor changed after it was deleted", () => {
    const active = given(posted("zero")).state
    const removed = given(posted("zero"), deleted()).state
    assert.strictEqual(recorded([posted("one")]).reduce(evolve, active), active)
    assert.strictEqual(recorded([posted("one"), edited("two"), deleted()]).reduce(evolve, removed), removed)
    assert.strictEqual(recorded([edited("two"), deleted()]).reduce(evolve, absent), absent)
  })
})
