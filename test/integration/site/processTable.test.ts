import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { areFrozen, frozen } from "./frozen.ts"
import { familyOf, parseProcesses, processes, signal, untilGone } from "./processTable.ts"

const sleeper = Effect.acquireRelease(
  Effect.sync(() => spawn("sh", ["-c", "sleep 60.25 & wait"], { stdio: "ignore" })),
  ({ pid = 0 }) =>
    Effect.andThen(
      Effect.flatMap(familyOf(["sleep 60.25"]), (all) => signal(all.map(({ pid }) => pid), "SIGKILL")),
      signal([pid], "SIGKILL")
    )
)

const states = (pids: ReadonlyArray<number>) =>
  Effect.map(processes, (all) => all.filter(({ pid }) => pids.includes(pid)).map(({ isStopped }) => isStopped))

describe("The table of processes", () => {
  it("has neither a head nor the dead", () => {
    const listing =
      "    1     0  1024 Ss   /sbin/init splash\n  202     1     0 Z    [node] <defunct>\n 3030     1 20 Tl+  a  b\n"
    assert.deepStrictEqual(parseProcesses(listing), [
      { pid: 1, parent: 0, residentBytes: 1_048_576, isStopped: false, command: "/sbin/init splash" },
      { pid: 3030, parent: 1, residentBytes: 20_480, isStopped: true, command: "a  b" }
    ])
  })

  it.live("knows a child and its children, which freeze and thaw and end together", () =>
    Effect.gen(function*() {
      yield* sleeper
      const family = yield* familyOf(["sleep 60.25"]).pipe(Effect.repeat({ until: ({ length }) => length === 2 }))
      const pids = family.map(({ pid }) => pid)
      yield* Effect.scoped(
        Effect.gen(function*() {
          yield* frozen(pids)
          assert.deepStrictEqual(yield* states(pids), [true, true])
          assert.isTrue(yield* areFrozen(pids))
        })
      )
      assert.deepStrictEqual(yield* states(pids), [false, false])
      assert.isFalse(yield* areFrozen(pids))
      assert.isFalse(yield* areFrozen([]))
      yield* signal(pids, "SIGKILL")
      yield* untilGone(pids)
      assert.deepStrictEqual(yield* familyOf(["sleep 60.25"]), [])
    }))
})
