import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { makePatienceOf } from "./patience.ts"

/** How long a second one waits before it asks again, and how often a leader looks whether it still leads. */
const lookInterval = "2 seconds"

/**
 * Runs an effect while nobody else does under this name, be it in another process: others wait, and one takes over when
 * this one's session at the database ends, however it does. Runs for ever, unless the effect ends.
 *
 * A leader that is cut off from the database may go on for a moment beside the next: what it does must bear that.
 */
export const whileLeading = Effect.fn("whileLeading")(function*<A, E, R>(name: string, effect: Effect.Effect<A, E, R>) {
  const sql = yield* SqlClient.SqlClient
  const annotated = Effect.annotateLogs({ name })

  const leading = Effect.scoped(Effect.gen(function*() {
    const session = yield* sql.reserve
    const lock = session.executeValues("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", [name])
    const isLeader = Effect.map(lock, ([row]) => row?.[0] === true)
    if (!(yield* isLeader)) {
      yield* annotated(Effect.logInfo("Another one leads: waits for its end"))
      yield* Effect.repeat(Effect.andThen(Effect.sleep(lookInterval), isLeader), { until: (isLeader) => isLeader })
    }
    yield* annotated(Effect.logInfo("Leads"))
    // The pool keeps the session for others.
    yield* Effect.addFinalizer(() =>
      Effect.ignore(session.executeValues("SELECT pg_advisory_unlock(hashtextextended($1, 0))", [name]))
    )
    const stillLeads = Effect.andThen(Effect.sleep(lookInterval), session.executeValues("SELECT 1", []))
    const lost = Effect.tapError(Effect.forever(stillLeads), () => annotated(Effect.logWarning("Leads no longer")))
    return yield* Effect.raceFirst(Effect.exit(effect), lost)
  }))

  const patiently = yield* makePatienceOf({
    failing: "Nobody can lead without the database, and it is tried again until one can",
    again: "Needs no leader any more",
    lag: null
  })
  return yield* Effect.flatten(patiently(leading))
})
