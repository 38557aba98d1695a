import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref, Result, Stream } from "effect"
import { Command } from "effect/cli"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { choose, type Chosen } from "./choose.ts"
import { argumentsOf } from "./describe.ts"
import { flags } from "./flags.ts"
import { type Plan, planOf } from "./Plan.ts"

// The words of a command line, as a shell has them.
const wordsOf = (line: string): ReadonlyArray<string> =>
  Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? "")

const chosenFrom = Effect.fnUntraced(function*(line: string) {
  const chosen = yield* Ref.make<Result.Result<Chosen, string>>(Result.fail("nothing was understood"))
  const command = Command.make("simulate", flags, (said) => Ref.set(chosen, choose(said)))
  yield* Command.runWith(command, { version: "0.0.0" })(wordsOf(line))
  return yield* Ref.get(chosen)
}, Effect.provide(NodeServices.layer))

const whole = planOf(2)
const [fault] = whole.faults
const [incident] = whole.incidents
const all = Array.from({ length: whole.operations }, (_, number) => number)

const plans: ReadonlyArray<readonly [string, Plan]> = [
  ["a seed's whole plan", whole],
  ["a plan of other length", planOf(2, 7)],
  ["a plan under which nothing strikes", { ...whole, faults: new Set(), incidents: new Set() }],
  ["a plan of two kinds and three operations", {
    ...whole,
    faults: new Set(fault === undefined ? [] : [fault]),
    incidents: new Set(incident === undefined ? [] : [incident]),
    dropped: new Set(all.filter((number) => ![0, 7, 59].includes(number)))
  }],
  ["a plan without operations", { ...whole, dropped: new Set(all) }]
]

const refused: ReadonlyArray<readonly [string, RegExp]> = [
  ["--seed 2 --with nonsense", /nothing of the kind "nonsense": it has .*\w/],
  ["--seed 2 --keep 3,60", /no operation 60 .* 0 to 59/],
  ["--seed 2 --operations 5 --keep 5", /no operation 5 .* 0 to 4/],
  ["--seed 2 --calm --with \"stale read\"", /--calm/],
  ["--trace", /--seed/],
  ["--seeds 5 --calm", /--seed/],
  ["--keep 1,2", /--seed/],
  ["--with \"stale read\"", /--seed/],
  ["--seed 2 --seeds 5", /the one or the other/],
  ["--seed 2 --from 5", /the one or the other/]
]

describe("what is asked of the simulation", () => {
  it("has something of everything to choose from", () => {
    assert.isTrue(fault !== undefined && incident !== undefined)
  })

  for (const [name, plan] of plans) {
    it.effect(`is ${name} again, as it is printed for a replay`, () =>
      Effect.gen(function*() {
        const chosen = yield* chosenFrom(`${argumentsOf(plan)} --trace`)
        assert.deepStrictEqual(chosen, Result.succeed({ _tag: "One", plan, trace: true }))
      }))
  }

  it.effect("is a thousand seeds if nothing is said", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        yield* chosenFrom(""),
        Result.succeed({ _tag: "Many", from: 1, count: 1000, operations: undefined })
      )
      assert.deepStrictEqual(
        yield* chosenFrom("--seeds 5 --from 7 --operations 3"),
        Result.succeed({ _tag: "Many", from: 7, count: 5, operations: 3 })
      )
    }))

  for (const [line, why] of refused) {
    it.effect(`is refused, and why: ${line}`, () =>
      Effect.gen(function*() {
        const chosen = yield* chosenFrom(line)
        assert.match(Result.isFailure(chosen) ? chosen.failure : "it isn't refused", why)
      }))
  }

  it.live("ends the program with 1 and the sentence where it is refused", () =>
    Effect.gen(function*() {
      const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
      const program = fileURLToPath(new URL("simulate.ts", import.meta.url))
      const { exitCode, stderr } = yield* spawner.spawn(
        ChildProcess.make(process.execPath, [program, "--keep", "1"], { stdin: "ignore" })
      )
      const said = yield* Stream.mkString(Stream.decodeText(stderr))
      assert.include(said, "say which with --seed")
      assert.strictEqual(Number(yield* exitCode), 1)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)), 30_000)
})
