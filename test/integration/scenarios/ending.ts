import { Clock, Duration, Effect } from "effect"
import { type Program, programs } from "../../../src/programs/stack/programs.ts"
import type { UserKind } from "../clients/Recorder.ts"
import { findingsOfReplacement } from "../measure/replacement.ts"
import type { Strike } from "../measure/Strike.ts"
import type { EngineName } from "../site/engines.ts"
import { repeated } from "./killing.ts"
import type { Scenario } from "./Scenario.ts"

/** What holds a program in the midst of its work. */
interface Midst {
  /** The engine that it waits for. */
  readonly engine: EngineName
  /** How much later everything arrives there and back, in milliseconds. */
  readonly lateness: number
  /** Who waits for it. */
  readonly users: ReadonlyArray<UserKind>
}

// Nobody waits for the poller: it has work of its own under way, which takes many steps.
const midstOf: Readonly<Record<Program, Midst>> = {
  "command-service": { engine: "DynamoDB", lateness: 450, users: ["poster", "editor", "async"] },
  "query-service": { engine: "PostgreSQL", lateness: 450, users: ["reader without token", "reader with token"] },
  "stream-poller": { engine: "PostgreSQL", lateness: 50, users: [] }
}

/** So long people come to the old program before it is told to end. */
const gathering = Duration.millis(300)

/**
 * Each program is replaced as a deployment does it: another is started, then this one is told to end, in the midst of its work,
 * which its engine's slow answers hold there.
 */
export const ending: ReadonlyArray<Scenario> = programs.map((name): Scenario => ({
  name: `end-${name}`,
  title: `SIGTERM to the ${name} in the midst of its work, once another has been started`,
  strike: Effect.fnUntraced(function*({ engines, programs }, extent) {
    const { engine, lateness, users } = midstOf[name]
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
