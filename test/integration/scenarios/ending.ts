import { Clock, Duration, Effect } from "effect"
import { type Program, programs } from "../../../src/programs/stack/programs.ts"
import type { UserKind } from "../clients/Recorder.ts"
import { findingsOfReplacement } from "../measure/replacement.ts"
import type { Strike } from "../measure/Strike.ts"
import type { EngineName } from "../site/engines.ts"
import { repeated } from "./killing.ts"
import type { Scenario } from "./Scenario.ts"

/** Who waits for a program, and which engine it waits for. Nobody waits for the poller: it has work of its own under way. */
const midstOf: Readonly<Record<Program, { readonly engine: EngineName; readonly users: ReadonlyArray<UserKind> }>> = {
  "command-service": { engine: "DynamoDB", users: ["poster", "editor", "async"] },
  "query-service": { engine: "PostgreSQL", users: ["reader without token", "reader with token"] },
  "stream-poller": { engine: "PostgreSQL", users: [] }
}

/** So long people come to the old program before it is told to end. What they ask for takes longer than that. */
const gathering = Duration.millis(300)
const lateness = 450

/**
 * Each program is replaced as a deployment does it: another is started, then this one is told to end, in the midst of its work,
 * which its engine's slow answers hold there.
 */
export const ending: ReadonlyArray<Scenario> = programs.map((name): Scenario => ({
  name: `end-${name}`,
  title: `SIGTERM to the ${name} in the midst of its work, once another has been started`,
  strike: Effect.fnUntraced(function*({ engines, programs }, extent) {
    const { engine, users } = midstOf[name]
    const { way } = engines[engine]
    const done = yield* repeated(
      extent,
      Effect.gen(function*() {
        const begun = yield* Clock.currentTimeMillis
        const { code, told } = yield* programs[name].replaced((moved) =>
          Effect.acquireUseRelease(way.slow(lateness), () => Effect.delay(moved, gathering), () => way.slow(0))
        )
        const strike: Strike = { begun, ended: yield* Clock.currentTimeMillis, recoveryFrom: "beginning" }
        return { program: name, users, strike, told, code }
      })
    )
    return {
      strikes: done.map(({ strike }) => strike),
      findings: done.flatMap(({ code }) => code === 0 ? [] : [`The ${name} was told to end, and ended with ${code}.`]),
      findingsIn: (samples) =>
        users.length === 0 ? [] : done.flatMap((replacement) => findingsOfReplacement(samples, replacement))
    }
  })
}))
