import { Context, Effect, Exit, Fiber, Layer, Option, Scope } from "effect"
import type { SecureRandom } from "effect/crypto"
import type { Draining } from "../../../src/platform/Draining.ts"
import type { RateLimits } from "../../../src/platform/RateLimits.ts"
import type { TokenVerifier } from "../../../src/platform/TokenVerifier.ts"
import { CommentQueries } from "../../../src/queries/CommentQueries.ts"
import { PositionWaiter } from "../../../src/queries/PositionWaiter.ts"
import type { ReceivedAnswer, SentRequest } from "../history/History.ts"
import { Process } from "../kernel/Process.ts"
import type { SkewedClock } from "../kernel/SkewedClock.ts"
import type { World } from "../kernel/World.ts"
import { InProcessServer } from "./InProcessServer.ts"
import { FiberCount, surroundings } from "./surroundings.ts"

/** What every process has around it. */
export type Surroundings = SecureRandom.SecureRandom | TokenVerifier | RateLimits | Draining

/** Wires a program for one life of its process. */
export type Wiring = (process: Process, server: InProcessServer) => Layer.Layer<never, never, Surroundings>

interface Life {
  readonly process: Process
  readonly server: InProcessServer
  readonly fibers: FiberCount
  readonly scope: Scope.Closeable
  readonly running: Context.Context<never>
}

/** A program on a machine of its own: it is started, killed, and started again; the machine's clock goes on. */
export class Program {
  readonly name: string
  readonly clock: SkewedClock
  readonly #world: World
  readonly #wiring: Wiring
  #life: Life | null = null
  #lives = 0

  constructor(name: string, clock: SkewedClock, world: World, wiring: Wiring) {
    this.name = name
    this.clock = clock
    this.#world = world
    this.#wiring = wiring
  }

  get isUp(): boolean {
    return this.#life !== null
  }

  readonly start: Effect.Effect<void> = Effect.suspend(() => {
    if (this.#life !== null) return Effect.void
    const process = new Process(`${this.name}#${++this.#lives}`)
    const server = new InProcessServer()
    const fibers = new FiberCount()
    const scope = Scope.makeUnsafe()
    const around = surroundings({ chance: this.#world.chance.fork(process.name), clock: this.clock, fibers })
    this.#world.journal.tell(process.name, () => "starts")
    const layer = Layer.provide(this.#wiring(process, server), around)
    return Effect.map(Layer.buildWithScope(layer, scope), (running) => {
      this.#life = { process, server, fibers, scope, running }
    })
  })

  /** From one step to the next it is gone, with all that it was doing. */
  kill(): void {
    const life = this.#life
    if (life === null) return
    this.#life = null
    this.#world.journal.tell(life.process.name, () => "is killed")
    life.process.kill()
  }

  /** Ends it as it ends when it is told to, and tells what it still holds then. */
  readonly stop: Effect.Effect<Readonly<Record<string, number>>> = Effect.suspend(() => {
    const life = this.#life
    if (life === null) return Effect.succeed({})
    const { fibers, process, running, scope } = life
    return Effect.gen({ self: this }, function*() {
      const crowd = yield* Option.match(Context.getOption(running, PositionWaiter), {
        onNone: () => Effect.succeed({ waiters: 0, callers: 0 }),
        onSome: (waiter) => waiter.crowd
      })
      const flights = yield* Option.match(Context.getOption(running, CommentQueries), {
        onNone: () => Effect.succeed(0),
        onSome: (queries) => queries.flights
      })
      const isClosed = yield* Effect.timeoutOption(Scope.close(scope, Exit.void), "2 minutes")
      // What it had sent by then is carried out all the same, in fibers that count as its own.
      yield* Effect.sleep("10 seconds")
      this.#life = null
      this.#world.journal.tell(process.name, () => "ends")
      process.kill()
      return {
        [`${this.name}: waiters`]: crowd.waiters,
        [`${this.name}: callers who wait`]: crowd.callers,
        [`${this.name}: flights`]: flights,
        [`${this.name}: fibers`]: fibers.alive,
        [`${this.name}: never ends`]: Option.isSome(isClosed) ? 0 : 1
      }
    })
  })

  /** The answer to a request; none if there is nobody, or it is killed before it has answered. */
  readonly answer = (request: SentRequest): Effect.Effect<ReceivedAnswer | null> =>
    Effect.suspend(() => {
      const life = this.#life
      if (life === null) return Effect.succeed(null)
      // What is under way goes on when nobody waits any more, as far as it can't be interrupted.
      return Effect.flatMap(Effect.forkIn(life.server.answer(request), life.scope), (fiber) =>
        Effect.raceFirst(Fiber.join(fiber), Effect.as(life.process.killed, null)).pipe(
          Effect.onInterrupt(() =>
            Effect.forkDetach(Fiber.interrupt(fiber))
          )
        ))
    })
}
