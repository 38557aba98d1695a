import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { PositionRequirement, WaitFailure } from "./positionRequirement.ts"
import { judge, ReadModelBehind } from "./positionRequirement.ts"
import type { ReadModelUnavailable, StreamPosition } from "./ReadModel.ts"
import { ReadModel } from "./ReadModel.ts"

/** As many are waiting as may wait. */
export class TooManyWaiters extends Schema.TaggedError<TooManyWaiters>()("TooManyWaiters", {
  limit: Schema.Int
}) {}

/** What a program may set. */
export interface PositionWaiterOptions {
  /** How many may wait at once. 1,000, if left out. */
  readonly maxWaiters?: number
  /** How many of one caller may wait at once. No fewer than may wait at all, if left out. */
  readonly maxWaitersPerCaller?: number
  /** The time between two looks at the positions while something moves. 10 ms, if left out. */
  readonly shortestInterval?: Duration.Input
  /** The time between two looks when nothing has moved for a while. 50 ms, if left out. */
  readonly longestInterval?: Duration.Input
}

interface Waiter {
  readonly requirements: ReadonlyArray<PositionRequirement>
  /** Whether one look is all that there is time for. */
  readonly once: boolean
  readonly done: Deferred.Deferred<void, WaitFailure>
}

const slowdown = 1.5
const behind = Effect.fail(new ReadModelBehind())

const make = Effect.fnUntraced(function*(options: PositionWaiterOptions) {
  const readModel = yield* ReadModel
  const maxWaiters = options.maxWaiters ?? 1000
  const maxPerCaller = options.maxWaitersPerCaller ?? maxWaiters
  const shortest = Duration.toMillis(options.shortestInterval ?? 10)
  const longest = Duration.toMillis(options.longestInterval ?? 50)

  const waiters = new Set<Waiter>()
  const callers = new Map<string, number>()
  // Open when there is a reason to look at once: somebody has come, or a position has changed.
  const reason = Latch.makeUnsafe()

  const settle = (waiter: Waiter, exit: Exit.Exit<void, WaitFailure>) => {
    waiters.delete(waiter)
    Deferred.doneUnsafe(waiter.done, exit)
  }

  const conclude = (
    waiter: Waiter,
    looked: Exit.Exit<ReadonlyMap<StreamPosition["stream"], StreamPosition>, ReadModelUnavailable>
  ) => {
    if (Exit.isFailure(looked)) return settle(waiter, Exit.failCause(looked.cause))
    const verdict = judge(waiter.requirements, looked.value)
    if (verdict === "reached") return settle(waiter, Exit.void)
    if (verdict !== "behind") return settle(waiter, Exit.fail(verdict))
    if (waiter.once) return settle(waiter, Exit.fail(new ReadModelBehind()))
  }

  const look = Effect.gen(function*() {
    const looking = Array.from(waiters)
    const streams = new Set(looking.flatMap(({ requirements }) => requirements.map(({ stream }) => stream)))
    const looked = yield* Effect.exit(
      Effect.map(
        readModel.positions(Array.from(streams)),
        (positions) => new Map(positions.map((position) => [position.stream, position]))
      )
    )
    for (const waiter of looking) conclude(waiter, looked)
  })

  // One look at a time for all who wait. Whoever comes during a look is looked at by the next, which then is at once.
  const watch = Effect.gen(function*() {
    let interval = shortest
    while (true) {
      const called = yield* waiters.size === 0
        ? Effect.asSome(reason.await)
        : Effect.timeoutOption(reason.await, interval)
      interval = Option.isSome(called) ? shortest : Math.min(interval * slowdown, longest)
      reason.closeUnsafe()
      if (waiters.size > 0) yield* look
    }
  })
  const watching = yield* Effect.forkScoped(watch)
  watching.addObserver((exit) => {
    for (const waiter of waiters) settle(waiter, Exit.isFailure(exit) ? exit : Exit.void)
  })

  const enter = (waiter: Waiter, caller: string | undefined): boolean => {
    const ofCaller = caller === undefined ? 0 : callers.get(caller) ?? 0
    if (waiters.size >= maxWaiters || ofCaller >= maxPerCaller) return false
    waiters.add(waiter)
    if (caller !== undefined) callers.set(caller, ofCaller + 1)
    reason.openUnsafe()
    return true
  }

  const leave = (waiter: Waiter, caller: string | undefined) =>
    Effect.sync(() => {
      waiters.delete(waiter)
      if (caller === undefined) return
      const others = (callers.get(caller) ?? 1) - 1
      if (others === 0) callers.delete(caller)
      else callers.set(caller, others)
    })

  const wait: PositionWaiter["Service"]["await"] = (requirements, atMost, caller) => {
    const required = requirements.filter(({ version }) => version > 0)
    if (required.length === 0) return Effect.void
    const duration = Duration.fromInputUnsafe(atMost)
    const once = !Duration.isPositive(duration)
    return Effect.uninterruptibleMask((restore): Effect.Effect<void, WaitFailure | TooManyWaiters> => {
      const waiter: Waiter = { requirements: required, once, done: Deferred.makeUnsafe() }
      if (!enter(waiter, caller)) return Effect.fail(new TooManyWaiters({ limit: maxWaiters }))
      const settled = Deferred.await(waiter.done)
      const inTime = once ? settled : Effect.timeoutOrElse(settled, { duration, orElse: () => behind })
      return Effect.ensuring(restore(inTime), leave(waiter, caller))
    })
  }

  return PositionWaiter.of({
    await: wait,
    positionsChanged: Effect.sync(() => {
      if (waiters.size > 0) reason.openUnsafe()
    }),
    crowd: Effect.sync(() => ({ waiters: waiters.size, callers: callers.size }))
  })
})

/**
 * Waits for the read model to reflect what commands have done. All who wait share one look at the positions, which is
 * repeated while anybody waits, and only then.
 */
export class PositionWaiter extends Context.Service<PositionWaiter, {
  /**
   * Succeeds once every stream has reached its version. The first look is at once, and it is the only one when `atMost` is
   * 0. A stream that is parked before its version fails the wait at once.
   *
   * `caller` tells whose wait it is, where the program limits how many one caller may have.
   */
  await(
    requirements: ReadonlyArray<PositionRequirement>,
    atMost: Duration.Input,
    caller?: string
  ): Effect.Effect<void, WaitFailure | TooManyWaiters>

  /** Somebody in this process has just changed positions: whoever waits is looked at now, not at the next interval. */
  readonly positionsChanged: Effect.Effect<void>

  /** How many wait at present, and of how many callers that gave their name. */
  readonly crowd: Effect.Effect<{ readonly waiters: number; readonly callers: number }>
}>()("marginalia/queries/PositionWaiter") {
  static readonly layer = (options: PositionWaiterOptions = {}): Layer.Layer<PositionWaiter, never, ReadModel> =>
    Layer.effect(this, make(options))
}
