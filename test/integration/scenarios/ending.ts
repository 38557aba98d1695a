import { Clock, Effect } from "effect"
import { programs } from "../../../src/programs/stack/programs.ts"
import type { Strike } from "../measure/Strike.ts"
import { repeated } from "./killing.ts"
import type { Scenario } from "./Scenario.ts"

/** Each program is replaced as a deployment does it: another is started, then this one is told to end, in the midst of its work. */
export const ending: ReadonlyArray<Scenario> = programs.map((name): Scenario => ({
  name: `end-${name}`,
  title: `SIGTERM to the ${name} in the midst of its work, once another has been started`,
  strike: Effect.fnUntraced(function*(site, extent) {
    const ended = yield* repeated(
      extent,
      Effect.gen(function*() {
        const begun = yield* Clock.currentTimeMillis
        const code = yield* site.programs[name].hasReplaced
        const strike: Strike = { begun, ended: yield* Clock.currentTimeMillis, recoveryFrom: "beginning" }
        return { strike, code }
      })
    )
    return {
      strikes: ended.map(({ strike }) => strike),
      findings: ended.flatMap(({ code }) => code === 0 ? [] : [`The ${name} was told to end, and ended with ${code}.`])
    }
  })
}))
