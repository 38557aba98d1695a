import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"

/** Lets fibers take their steps one after the other, in an order that a test chooses. */
export const makeTurns = () => {
  const waiting = new Map<string, { readonly step: string; readonly go: Deferred.Deferred<void> }>()
  const working = new Map<string, Fiber.Fiber<unknown, unknown>>()

  const isIdle = () =>
    Array.from(working).every(([actor, fiber]) => waiting.has(actor) || fiber.pollUnsafe() !== undefined)

  return {
    /** A step of an actor: it is done when its turn has come. */
    step: (actor: string, step: string) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      Effect.gen(function*() {
        const go = yield* Deferred.make<void>()
        waiting.set(actor, { step, go })
        yield* Deferred.await(go)
        return yield* effect
      }),

    /** Lets an actor begin; it is waited for at its first step. */
    begin: Effect.fnUntraced(function*<A, E, R>(actor: string, work: Effect.Effect<A, E, R>) {
      working.set(actor, yield* Effect.forkChild(work))
    }),

    /** Waits until every actor waits for its turn or has ended, whatever pauses they make, and tells whose turn it can be. */
    settle: Effect.gen(function*() {
      for (let round = 0; !isIdle(); round++) yield* round % 64 === 63 ? TestClock.adjust("1 second") : Effect.yieldNow
      return Array.from(waiting, ([actor, { step }]) => ({ actor, step }))
    }),

    /** Gives an actor its turn. */
    take: (actor: string) =>
      Effect.suspend(() => {
        const turn = waiting.get(actor)
        waiting.delete(actor)
        return turn === undefined ? Effect.void : Effect.asVoid(Deferred.succeed(turn.go, undefined))
      }),

    /** Ends an actor where it is, in the midst of whatever it waits for. */
    kill: (actor: string) =>
      Effect.suspend(() => {
        waiting.delete(actor)
        const fiber = working.get(actor)
        return fiber === undefined ? Effect.void : Fiber.interrupt(fiber)
      })
  }
}

export type Turns = ReturnType<typeof makeTurns>
