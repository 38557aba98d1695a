import { Deferred, Effect, Option } from "effect"
import type { Waiter } from "./Chain.ts"
import { Refusal } from "./failures.ts"
import type { Wait } from "./Run.ts"
import type { Transaction } from "./Transaction.ts"

// The server's `deadlock_timeout`: whoever has waited that long looks whether it is in a circle, once.
const deadlockTimeout = 1000

// What is left of the programs' `statement_timeout` after that.
const statementTimeout = 9000

const terminated = () => new Refusal({ code: "57P01", message: "terminating connection due to administrator command" })

const isInCircle = (transaction: Transaction): boolean => {
  const seen = new Set<Transaction>()
  let next = transaction.waitsFor?.owner ?? null
  while (next !== null && next !== transaction && !seen.has(next)) {
    seen.add(next)
    next = next.waitsFor?.owner ?? null
  }
  return next === transaction
}

/** Waits until nobody else holds a row. Ends with 40P01 in a circle of waiting, and with 57014 if it takes too long. */
export const awaitLock = (transaction: Transaction, { chain, wantsLock }: Wait): Effect.Effect<void, Refusal> =>
  Effect.suspend(() => {
    const woken = Deferred.makeUnsafe<void, Refusal>()
    const waiter: Waiter = { transaction, wantsLock, wake: () => Deferred.doneUnsafe(woken, Effect.void) }
    chain.waiters.push(waiter)
    transaction.waitsFor = chain
    transaction.cutOff = () => Deferred.doneUnsafe(woken, Effect.fail(terminated()))
    const leave = Effect.sync(() => {
      transaction.waitsFor = null
      transaction.cutOff = null
      const place = chain.waiters.indexOf(waiter)
      if (place >= 0) chain.waiters.splice(place, 1)
    })
    return Effect.gen(function*() {
      if (Option.isSome(yield* Effect.timeoutOption(Deferred.await(woken), deadlockTimeout))) return
      if (isInCircle(transaction)) return yield* new Refusal({ code: "40P01", message: "deadlock detected" })
      if (Option.isSome(yield* Effect.timeoutOption(Deferred.await(woken), statementTimeout))) return
      return yield* new Refusal({ code: "57014", message: "canceling statement due to statement timeout" })
    }).pipe(Effect.ensuring(leave))
  })
