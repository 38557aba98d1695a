import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { contract, httpSuite } from "../../http/suite.ts"
import { patience } from "../../programs/program.ts"
import { makeCallRecorder } from "../recording/makeCallRecorder.ts"
import { heal, runAccepted } from "../recording/recordedLambdas.ts"
import { deployedCommands, operate, opsCommands, undeployedCommands } from "../recording/recordedOps.ts"
import { recordedSite } from "../recording/recordedSite.ts"
import { recordedStack } from "../recording/recordedStack.ts"

const recorder = makeCallRecorder()

httpSuite("The stack, whose calls are written down,", recordedStack(recorder), contract)

describe("The Lambdas and the program for operators, whose calls are written down,", () => {
  it.layer(recordedSite(recorder), { excludeTestServices: true, timeout: patience })((it) => {
    it.effect("run what was accepted", () => Effect.scoped(runAccepted), patience)
    it.effect("heal a gap", () => Effect.scoped(heal), patience)
  })
  it.layer(recordedSite(recorder), { excludeTestServices: true, timeout: patience })((it) => {
    it.effect("look after the log and the read model", () => operate, patience)
    it.effect("know no command of which nobody has said where it is run", () =>
      Effect.gen(function*() {
        assert.sameMembers(yield* opsCommands, [...deployedCommands, ...undeployedCommands])
      }), patience)
  })
})

