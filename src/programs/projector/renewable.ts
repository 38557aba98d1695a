import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"

/** Something that is opened, and may turn out to be the wrong one. */
export interface Renewable<A, E> {
  /** What is open, or why it can't be. Whoever gives up waiting for it doesn't end the opening. */
  readonly get: Effect.Effect<A, E>

  /** Lets go of what is open, and opens it anew, unless it is being opened, or was within the pause: then all stays as it is. */
  readonly renew: Effect.Effect<void>
}

/**
 * Opens something at once, and again when it is asked to, or to get what couldn't be opened: but only one time in a `pause`,
 * so that nobody is asked over and over who says the same. What is opened lives until it is renewed, or the scope ends.
 */
export const makeRenewable = <A, E>(
  open: Effect.Effect<A, E, Scope.Scope>,
  pause: Duration.Duration
): Effect.Effect<Renewable<A, E>, never, Scope.Scope> =>
  Effect.gen(function*() {
    const scope = yield* Scope.Scope
    const begin = Effect.gen(function*() {
      const own = yield* Scope.fork(scope)
      return { own, opening: yield* Effect.forkIn(Scope.provide(open, own), own) }
    })

    let held = yield* begin
    let renewed = Number.NEGATIVE_INFINITY

    const renew = Effect.uninterruptible(Effect.gen(function*() {
      const now = yield* Clock.currentTimeMillis
      // Who waits for an opening isn't left alone with it.
      const isOpening = held.opening.pollUnsafe() === undefined
      if (isOpening || now - renewed < Duration.toMillis(pause)) return
      renewed = now
      const { own } = held
      held = yield* begin
      yield* Scope.close(own, Exit.void)
    }))

    const get = Effect.gen(function*() {
      const exit = held.opening.pollUnsafe()
      if (exit !== undefined && Exit.isFailure(exit)) yield* renew
      return yield* Fiber.join(held.opening)
    })

    return { get, renew }
  })
