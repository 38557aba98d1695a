import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as CircuitBreaker from "effect/persistence/CircuitBreaker"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { RedisClient } from "./Redis.ts"
import { onSteadyTime } from "./steadyTime.ts"

/** Redis wasn't asked, for there is no connection, or it didn't answer in time. */
export class RedisUnanswered extends Schema.TaggedError<RedisUnanswered>()("RedisUnanswered", {
  message: Schema.String
}) {}

/** How long Redis is waited for. Promises, for what asks is the hottest path: an answer costs no fiber. */
export interface RedisPatience {
  /** Within the time limit, and not at all while the breaker is open. */
  readonly ask: <A>(command: () => Promise<A>) => Promise<A>
  /** Within another time limit, in milliseconds, whatever the breaker says. */
  readonly insist: <A>(timeLimit: number, command: () => Promise<A>) => Promise<A>
}

const key = "redis"

// A server that refuses a command is alive, and has said so at once. Effect's errors have what Redis said within.
const isRefusal = (error: unknown): boolean =>
  error instanceof Error && (error.name === "ReplyError" || isRefusal("reason" in error ? error.reason : error.cause))

// Made once: while there is no connection, that is what each query gets.
const notConnected = new RedisUnanswered({ message: "there is no connection" })

// Where this process was too busy to look, an answer that came in time lies there when the timer goes off: what has come in
// is read after timers, and before what is immediate.
const within = <A>(timeLimit: number, command: () => Promise<A>): Promise<A> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => setImmediate(() => reject(new RedisUnanswered({ message: `no answer within ${timeLimit} ms` }))),
      timeLimit
    )
    command().then(
      (answer) => {
        clearTimeout(timer)
        resolve(answer)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      }
    )
  })

const settled = <A>(promise: Promise<A>): Promise<Result.Result<A, unknown>> =>
  promise.then((answer) => Result.succeed(answer), (error: unknown) => Result.fail(error))

const outcomeOf = <A>(exit: Exit.Exit<Result.Result<A, unknown>>): CircuitBreaker.Outcome =>
  Exit.isSuccess(exit) && Result.isFailure(exit.value) && !isRefusal(exit.value.failure)
    ? CircuitBreaker.failure()
    : CircuitBreaker.success

/**
 * A patience of `timeLimit` milliseconds. Five commands in a row without an answer open a breaker: a second long Redis isn't
 * asked at all, then one command tries it.
 *
 * A command that was given up stays with the connection until it is answered, or the connection is given up for its
 * silence: what waits is as many as were asked before the breaker opened.
 */
export const makePatience = Effect.fnUntraced(function*(
  { isReady }: RedisClient["Service"],
  timeLimit: number
): Effect.fn.Return<RedisPatience, never, Scope.Scope | CircuitBreaker.CircuitBreakerStore> {
  const breaker = onSteadyTime(
    yield* CircuitBreaker.make({ tripPolicy: CircuitBreaker.consecutive(5), openDuration: "1 second" })
  )
  const context = yield* Effect.context<never>()
  const run = Effect.runForkWith(context)
  const runPromise = Effect.runPromiseWith(context)
  const failure = Effect.ignore(breaker.execute(Effect.void, { key, classify: () => CircuitBreaker.failure() }))

  // An answer after an answer changes nothing in a breaker, which is therefore asked only when something was amiss.
  let isDoubtful = false

  const askDoubtfully = <A>(command: () => Promise<A>): Promise<A> =>
    runPromise(
      breaker.execute(Effect.promise(() => settled(within(timeLimit, command))), { key, classify: outcomeOf })
    ).then((result) => {
      if (Result.isFailure(result)) throw result.failure
      isDoubtful = false
      return result.success
    })

  return {
    ask: (command) => {
      if (!isReady()) return Promise.reject(notConnected)
      if (isDoubtful) return askDoubtfully(command)
      return within(timeLimit, command).catch((error: unknown) => {
        if (!isRefusal(error)) {
          isDoubtful = true
          run(failure)
        }
        throw error
      })
    },
    insist: (timeLimit, command) => (isReady() ? within(timeLimit, command) : Promise.reject(notConnected))
  }
})
