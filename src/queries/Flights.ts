import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"

interface Flight<A, E> {
  readonly landed: Deferred.Deferred<A, E>
  /** Undefined until the one who started the flight has forked it. */
  fiber: Fiber.Fiber<void> | undefined
  passengers: number
}

/**
 * Lets all who want the same thing at the same time wait for one look-up.
 *
 * A flight belongs to no passenger: it goes on when the one who started it leaves, and is called off when the last one
 * does. Until it has ended, what it found is still shared. Then it is forgotten, whichever way it ended.
 */
export interface Flights<A, E> {
  /** Joins the flight of this name, or starts it. `afterwards` is run in the flight, but nobody waits for it. */
  readonly join: <R>(
    name: string,
    lookUp: Effect.Effect<A, E, R>,
    afterwards: (found: A) => Effect.Effect<unknown>
  ) => Effect.Effect<A, E, R>

  /** How many flights are under way. */
  readonly size: () => number
}

/** Flights that end with the scope at the latest. */
export const makeFlights = Effect.fnUntraced(function*<A, E>(): Effect.fn.Return<Flights<A, E>, never, Scope.Scope> {
  const scope = yield* Scope.Scope
  const flights = new Map<string, Flight<A, E>>()

  const forget = (name: string, flight: Flight<A, E>) => {
    if (flights.get(name) === flight) flights.delete(name)
  }

  const start = <R>(
    name: string,
    flight: Flight<A, E>,
    lookUp: Effect.Effect<A, E, R>,
    afterwards: (found: A) => Effect.Effect<unknown>
  ) => {
    const journey = Effect.matchCauseEffect(lookUp, {
      onFailure: (cause) => {
        // Whoever asks again because it failed must not meet the same failure.
        forget(name, flight)
        return Deferred.failCause(flight.landed, cause)
      },
      onSuccess: (found) => {
        Deferred.doneUnsafe(flight.landed, Effect.succeed(found))
        return afterwards(found)
      }
    })
    return Effect.map(Effect.forkIn(Effect.asVoid(journey), scope), (fiber) => {
      flight.fiber = fiber
      fiber.addObserver((exit) => {
        forget(name, flight)
        // Only a flight that was called off has not landed by now.
        if (exit._tag === "Failure") Deferred.doneUnsafe(flight.landed, Effect.failCause(exit.cause))
      })
    })
  }

  const leave = (name: string, flight: Flight<A, E>) =>
    Effect.sync(() => {
      flight.passengers--
      if (flight.passengers > 0 || Deferred.isDoneUnsafe(flight.landed)) return
      // Whoever comes now must not find a flight that is being called off.
      forget(name, flight)
      flight.fiber?.interruptUnsafe()
    })

  const join: Flights<A, E>["join"] = (name, lookUp, afterwards) =>
    Effect.uninterruptibleMask((restore) => {
      const underWay = flights.get(name)
      const flight = underWay ?? { landed: Deferred.makeUnsafe<A, E>(), fiber: undefined, passengers: 0 }
      flight.passengers++
      const arrival = Effect.ensuring(restore(Deferred.await(flight.landed)), leave(name, flight))
      if (underWay !== undefined) return arrival
      flights.set(name, flight)
      return Effect.andThen(start(name, flight, lookUp, afterwards), arrival)
    })

  return { join, size: () => flights.size }
})
