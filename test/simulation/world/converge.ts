import { Effect } from "effect"
import type { FinalRows } from "../history/History.ts"
import type { World } from "../kernel/World.ts"
import type { Engines } from "../site/Engines.ts"

/** How long the read model may take once the world is calm, in milliseconds. */
const patience = 5 * 60 * 1000

/** Whether each stream of the log has got as far as it can in the read model. */
const isConverged = ({ dynamo }: Engines, { positions }: FinalRows): boolean => {
  const reached = new Map(positions.map((position) => [position.stream, position]))
  return dynamo.log.every(({ commit: { lastVersion, stream } }) => {
    const position = reached.get(stream)
    return position !== undefined && (position.parked || position.version >= lastVersion)
  })
}

/** The accepted commands that still wait to be decided. */
export const undecided = ({ dynamo }: Engines): number =>
  dynamo.items("inbox").filter((item) => item["pending"] !== undefined).length

/**
 * Waits until all that is in the log has been projected, and all that was accepted has been decided; no longer than is
 * reasonable. Then for a while more, for what is still under way.
 */
export const converge = Effect.fnUntraced(function*({ journal }: World, engines: Engines) {
  const until = journal.now() + patience
  while (journal.now() < until) {
    yield* Effect.sleep(500)
    if (undecided(engines) === 0 && isConverged(engines, engines.postgres.rows())) break
  }
  journal.tell("world", () => "has converged, or never will")
  yield* Effect.sleep(5_000)
})
