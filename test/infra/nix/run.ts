import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Config, Console, Effect, Option, Result } from "effect"
import process from "node:process"
import { checkProgram, runSteps } from "../check/program.ts"
import { step } from "../check/step.ts"
import { evaluateFlake, parseFlake } from "./flake.ts"
import { checkLock } from "./lock.ts"
import { findNix, type Nix } from "./nixPrograms.ts"

const checkFlake = Effect.fnUntraced(function*(nix: Nix) {
  const parsed = yield* step(
    "flake.nix, parsed",
    Effect.void,
    () => Effect.as(parseFlake(nix), { value: undefined, said: "is Nix" })
  )
  const evaluated = yield* step(
    "flake.nix, evaluated",
    parsed.result,
    () => Effect.map(evaluateFlake(nix), (url) => ({ value: url, said: "asks nixpkgs for what the shell is for" }))
  )
  const locked = yield* step(
    "flake.lock",
    evaluated.result,
    (url) => Effect.map(checkLock(url), (revision) => ({ value: undefined, said: `locks ${url} at ${revision}` }))
  )
  yield* runSteps([parsed, evaluated, locked])
})

/**
 * The program behind `npm run check:nix`: all that can be said of the flake without nixpkgs. Without Nix it says loudly that
 * it says nothing, and on a build server that fails.
 */
const program = Effect.gen(function*() {
  const found = yield* Effect.result(findNix)
  if (Result.isSuccess(found)) {
    yield* Console.log(`With ${found.success.nix.origin} ${found.success.version}:`)
    return yield* checkFlake(found.success.nix)
  }
  yield* Console.error(`\n${found.failure.message}\nThe flake was NOT CHECKED.\n`)
  const buildServer = yield* Config.option(Config.NonEmptyString("CI"))
  if (Option.isSome(buildServer)) process.exitCode = 1
})

if (import.meta.main) NodeRuntime.runMain(checkProgram(program))
