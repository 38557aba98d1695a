import { Effect, FiberSet } from "effect"
import { putOff } from "./acceptedCommands.ts"
import { Client } from "./Client.ts"
import { editOrDelete, post } from "./commands.ts"
import type { Known } from "./Known.ts"
import { look, lookAfter } from "./queries.ts"

type Act = (known: Known) => Effect.Effect<void, never, Client>

/** What is begun each second, whether or not what was begun before has been answered: an outage is no rest. */
export const acts: ReadonlyArray<{ readonly act: Act; readonly perSecond: number }> = [
  { act: post, perSecond: 12 },
  { act: editOrDelete, perSecond: 10 },
  { act: look, perSecond: 20 },
  { act: lookAfter, perSecond: 10 },
  { act: putOff, perSecond: 2 }
]

/**
 * Has people work, writers and readers of all kinds, until they are told to stop; then everybody still waits for what they
 * have asked for.
 */
export const startWork = Effect.fnUntraced(function*(known: Known) {
  const { enter } = yield* Client
  yield* enter([
    ...known.authors.map((client) => ({ client, as: "writer" } as const)),
    { client: known.moderator, as: "moderator" }
  ])
  const begun = yield* FiberSet.make<void>()
  const pacing = yield* FiberSet.make<void>()
  for (const { act, perSecond } of acts) {
    const pace = Effect.forever(
      Effect.andThen(Effect.sleep(1_000 / perSecond), FiberSet.run(begun, act(known)))
    )
    yield* FiberSet.run(pacing, pace)
  }
  return { stop: Effect.andThen(FiberSet.clear(pacing), FiberSet.awaitEmpty(begun)) }
})
