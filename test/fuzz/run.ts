import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { checkProgram, runSteps } from "../infra/check/program.ts"
import { makeSteps } from "./steps.ts"
import { subjects } from "./subject.ts"

const flags = {
  cases: Flag.Int("cases").pipe(
    Flag.withDescription("How many cases there must be for each program, at least"),
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 }))),
    Flag.withDefault(3_000)
  ),
  seed: Flag.Int("seed").pipe(
    Flag.withDescription(
      "What chance begins with: the same seed draws the same cases, as far as the answers are the same"
    ),
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** 32 - 1 }))),
    Flag.withDefault(1)
  ),
  subject: Flag.Literals("only", subjects).pipe(
    Flag.withDescription("One of the programs, in place of both"),
    Flag.optional
  )
}

/** The program behind `npm run check:fuzz`: has Schemathesis hold the programs against the document that they serve. */
const fuzz = Command.make(
  "check:fuzz",
  flags,
  ({ cases, seed, subject }) =>
    Effect.flatMap(
      makeSteps(Option.match(subject, { onNone: () => subjects, onSome: (one) => [one] }), { cases, seed }),
      runSteps
    )
).pipe(
  Command.withDescription(
    "Drive every operation of the served OpenAPI document, with all of Schemathesis' checks, on the standalone program and on the stack. " +
      "What was done lies in .infra/fuzz."
  )
)

if (import.meta.main) {
  fuzz.pipe(
    Command.run({ version: "0.1.0" }),
    checkProgram,
    NodeRuntime.runMain({ disableErrorReporting: true })
  )
}
