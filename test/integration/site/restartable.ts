import { Effect, Exit, Scope } from "effect"

/** Something that can be started again once it has ended. */
export interface Restartable<A, E> {
  /** What the last start gave. */
  readonly current: () => A
  /** Starts it again, and ends what is still there of it. */
  readonly restart: Effect.Effect<void, E>
  /** Starts another beside the one that is there, and gives what ends the old one. */
  readonly replace: Effect.Effect<{ readonly old: A; readonly end: Effect.Effect<void> }, E>
}

/** Starts something, and whatever has replaced it ends with the scope. */
export const makeRestartable = Effect.fnUntraced(function*<A, E>(start: Effect.Effect<A, E, Scope.Scope>) {
  const parent = yield* Scope.Scope
  const begin = Effect.gen(function*() {
    const scope = yield* Scope.fork(parent)
    return { value: yield* Scope.provide(start, scope), end: Scope.close(scope, Exit.void) }
  })
  let running = yield* begin
  const restart = Effect.gen(function*() {
    yield* running.end
    running = yield* begin
  })
  const replace = Effect.gen(function*() {
    const { end, value: old } = running
    running = yield* begin
    return { old, end }
  })
  const restartable: Restartable<A, E> = { current: () => running.value, restart, replace }
  return restartable
})
