import { Effect } from "effect"
import { timed } from "../measure/Strike.ts"
import { type Engine, type EngineName, engineNames } from "../site/engines.ts"
import { areFrozen, frozen } from "../site/frozen.ts"
import type { Extent, Scenario } from "./Scenario.ts"

/** How much later everything arrives on a way that is slow, in milliseconds, there and back. */
export const slowness = 100

/** What of an engine is hurt. */
type Hurt = Pick<Engine, "pids" | "way">

/** Hurts an engine for a while, and gives what shows that it wasn't hurt, as sentences. */
type Fault = (engine: Hurt, extent: Pick<Extent, "hold">) => Effect.Effect<ReadonlyArray<string>>

const foundUnless = (hurt: boolean, finding: string): ReadonlyArray<string> => hurt ? [] : [finding]

export const freeze: Fault = ({ pids }, { hold }) =>
  pids.pipe(
    Effect.flatMap(frozen),
    Effect.andThen(Effect.sleep(hold)),
    // Whatever there is of it must still stand still.
    Effect.andThen(Effect.flatMap(pids, areFrozen)),
    Effect.map((still) => foundUnless(still, "It wasn't frozen: not all of its processes stood still.")),
    Effect.scoped
  )

export const cut: Fault = Effect.fnUntraced(function*({ way }, { hold }) {
  const before = way.counts()
  yield* Effect.acquireUseRelease(way.cut, () => Effect.sleep(hold), () => way.mend)
  const { ended, refused } = way.counts()
  return [
    ...foundUnless(ended > before.ended, "It wasn't cut off: no connection was ended."),
    ...foundUnless(refused > before.refused, "It wasn't cut off: no connection was refused.")
  ]
})

export const slow: Fault = Effect.fnUntraced(function*({ way }, { hold }) {
  const before = way.counts()
  yield* Effect.acquireUseRelease(way.slow(slowness), () => Effect.sleep(hold), () => way.slow(0))
  return foundUnless(way.counts().delayed > before.delayed, "It wasn't slow: nothing arrived later.")
})

const each = (
  name: string,
  title: (engine: EngineName) => string,
  fault: Fault
): ReadonlyArray<Scenario> =>
  engineNames.map((engine) => ({
    name: `${name}-${engine.toLowerCase()}`,
    title: title(engine),
    strike: Effect.fnUntraced(function*({ engines }, extent) {
      const { given: findings, strike } = yield* timed("end", fault(engines[engine], extent))
      return { strikes: [strike], findings }
    })
  }))

/** Each engine freezes, is cut off from the programs, and is slow, for a while. */
export const severing: ReadonlyArray<Scenario> = [
  ...each("freeze", (engine) => `${engine} frozen: SIGSTOP to all of its processes, then SIGCONT`, freeze),
  ...each("cut", (engine) => `${engine} cut off: connections end, and new ones are refused`, cut),
  ...each("slow", (engine) => `${engine} slow: everything arrives ${slowness} ms later, there and back`, slow)
]
