import { Effect } from "effect"
import { timed } from "../measure/Strike.ts"
import { type Engine, type EngineName, engineNames } from "../site/engines.ts"
import { frozen } from "../site/frozen.ts"
import type { Extent, Scenario } from "./Scenario.ts"

/** How much later everything arrives on a way that is slow, in milliseconds, there and back. */
export const slowness = 100

const freeze = (engine: Engine, { hold }: Extent) =>
  engine.pids.pipe(
    Effect.flatMap(frozen),
    Effect.andThen(Effect.sleep(hold)),
    Effect.scoped
  )

const cut = ({ way }: Engine, { hold }: Extent) =>
  Effect.acquireUseRelease(way.cut, () => Effect.sleep(hold), () => way.mend)

const slow = ({ way }: Engine, { hold }: Extent) =>
  Effect.acquireUseRelease(way.slow(slowness), () => Effect.sleep(hold), () => way.slow(0))

const each = (
  name: string,
  title: (engine: EngineName) => string,
  fault: (engine: Engine, extent: Extent) => Effect.Effect<void>
): ReadonlyArray<Scenario> =>
  engineNames.map((engine) => ({
    name: `${name}-${engine.toLowerCase()}`,
    title: title(engine),
    strike: ({ engines }, extent) =>
      Effect.map(timed("end", fault(engines[engine], extent)), (strike) => ({ strikes: [strike], findings: [] }))
  }))

/** Each engine freezes, is cut off from the programs, and is slow, for a while. */
export const severing: ReadonlyArray<Scenario> = [
  ...each("freeze", (engine) => `${engine} frozen: SIGSTOP to all of its processes, then SIGCONT`, freeze),
  ...each("cut", (engine) => `${engine} cut off: connections end, and new ones are refused`, cut),
  ...each("slow", (engine) => `${engine} slow: everything arrives ${slowness} ms later, there and back`, slow)
]
