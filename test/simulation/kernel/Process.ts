import { Deferred, Effect } from "effect"

/**
 * What lives until it is killed. Killed means: from one step to the next it neither does nor learns anything any more. Its
 * requests that are under way may still be carried out; what it held at an engine (connections, transactions, locks) is
 * the engine's to release.
 */
export class Process {
  readonly name: string
  readonly #killed = Deferred.makeUnsafe<void>()
  readonly #obituaries = new Set<() => void>()

  constructor(name: string) {
    this.name = name
  }

  get isAlive(): boolean {
    return !Deferred.isDoneUnsafe(this.#killed)
  }

  kill(): void {
    if (!this.isAlive) return
    Deferred.doneUnsafe(this.#killed, Effect.void)
    for (const tell of this.#obituaries) tell()
    this.#obituaries.clear()
  }

  /** Waits until it is killed. */
  readonly killed: Effect.Effect<void> = Deferred.await(this.#killed)

  /** Tells an engine of its death; the result takes that back. */
  onKill(tell: () => void): () => void {
    if (!this.isAlive) tell()
    else this.#obituaries.add(tell)
    return () => this.#obituaries.delete(tell)
  }

  /** What it does while it lives: nothing is begun, and no answer comes, once it is killed. */
  readonly alive = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() =>
      this.isAlive
        ? Effect.matchCauseEffect(effect, {
          onFailure: (cause) => this.isAlive ? Effect.failCause(cause) : Effect.never,
          onSuccess: (value) => this.isAlive ? Effect.succeed(value) : Effect.never
        })
        : Effect.never
    )
}
