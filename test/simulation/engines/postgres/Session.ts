import { Effect, Result } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Chance } from "../../kernel/Chance.ts"
import type { Ready } from "./change.ts"
import { commitRolledBack, encodingFailed, Refusal, serverError } from "./failures.ts"
import { awaitLock } from "./locks.ts"
import type { Run, Steps } from "./Run.ts"
import type { Server } from "./Server.ts"
import type { Transaction } from "./Transaction.ts"
import { parameterOf, type Row } from "./values.ts"

/** What a statement gives. */
export interface Answer {
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<Row>
}

/** A session of one connection at the server: its transaction, and what becomes of that when a statement fails. */
export class Session {
  readonly #server: Server
  readonly #chance: Chance
  #transaction: Transaction | null = null
  #isAborted = false
  #isOpen = true
  /** The statement that it carries out, and for whom; null for none. */
  #current: { readonly sql: string; readonly transaction: Transaction } | null = null

  constructor(server: Server, chance: Chance) {
    this.#server = server
    this.#chance = chance
    server.sessions.add(this)
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Ends it: its transaction is rolled back, and all that it holds is released. */
  end(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#server.sessions.delete(this)
    this.#current?.transaction.cutOff?.()
    this.#rollback()
    const { advisory } = this.#server.database
    for (const [name, owner] of advisory) if (owner === this) advisory.delete(name)
  }

  /** The statement that waits for a lock; null if none does. */
  get waiting(): string | null {
    const current = this.#current
    return current === null || current.transaction.waitsFor === null ? null : current.sql
  }

  #rollback(): void {
    this.#transaction?.rollback()
    this.#transaction = null
    this.#isAborted = false
  }

  /** What a failure leaves of the transaction: nothing but its savepoints, and no more statements until one is gone back to. */
  #abort(transaction: Transaction): void {
    // Its own, or one that has ended with its session.
    if (this.#transaction !== transaction) return transaction.rollback()
    transaction.abort()
    this.#isAborted = true
  }

  begin(): void {
    this.#transaction ??= this.#server.begin()
  }

  rollback(): void {
    this.#rollback()
  }

  /** Fails if there was something to commit that has been aborted. */
  get commit(): Effect.Effect<void, SqlError> {
    return Effect.suspend(() => {
      const transaction = this.#transaction
      if (this.#isAborted) {
        this.#rollback()
        return Effect.fail(commitRolledBack())
      }
      this.#transaction = null
      if (transaction !== null) this.#server.commit(transaction)
      return Effect.void
    })
  }

  /** SAVEPOINT, RELEASE SAVEPOINT and ROLLBACK TO SAVEPOINT. */
  savepoint(action: "make" | "release" | "return", name: string): Effect.Effect<void, SqlError> {
    const transaction = this.#transaction
    if (transaction === null) return Effect.fail(serverError(new Refusal({ code: "25P01", message: "no transaction" })))
    if (this.#isAborted && action !== "return") return Effect.fail(serverError(aborted()))
    if (action === "make") transaction.savepoint(name)
    const isThere = action === "make" ||
      (action === "release" ? transaction.releaseSavepoint(name) : transaction.rollbackTo(name))
    if (!isThere) return Effect.fail(serverError(new Refusal({ code: "3B001", message: `no savepoint ${name}` })))
    if (action === "return") this.#isAborted = false
    return Effect.void
  }

  /**
   * Carries a statement out at one instant, but for where it waits. In a transaction of its own, if there is none. It is
   * refused with a state, if one is given.
   */
  execute(
    sql: string,
    parameters: ReadonlyArray<unknown>,
    refused: string | null
  ): Effect.Effect<Answer, SqlError> {
    return Effect.suspend(() => {
      const ready = this.#server.prepare(sql)
      if (this.#isAborted) return Effect.fail(serverError(aborted()))
      const transaction = this.#transaction ?? this.#server.begin()
      const isOwn = this.#transaction === null
      this.#current = { sql, transaction }
      const done = refused === null
        ? this.#carryOut(ready, transaction, parameters)
        : Effect.fail(serverError(new Refusal({ code: refused, message: "not at present" })))
      return done.pipe(
        Effect.tap(() => Effect.sync(() => isOwn ? this.#server.commit(transaction) : undefined)),
        Effect.onError(() => Effect.sync(() => this.#abort(transaction))),
        Effect.ensuring(Effect.sync(() => {
          this.#current = null
        })),
        Effect.map((rows) => ({ columns: ready.columns, rows }))
      )
    })
  }

  #carryOut(ready: Ready, transaction: Transaction, parameters: ReadonlyArray<unknown>) {
    const { database } = this.#server
    const values = Result.try({ try: () => parameters.map(parameterOf), catch: (error) => error })
    if (Result.isFailure(values)) {
      const error = values.failure
      return Effect.fail(error instanceof Refusal ? serverError(error) : encodingFailed(error))
    }
    const snapshot = transaction.snapshot()
    database.snapshots.add(snapshot)
    const run: Run = {
      database,
      session: this,
      snapshot,
      now: new Date(transaction.began),
      parameters: values.success,
      parts: new Map(),
      whim: (below) => this.#chance.integer(0, below - 1)
    }
    return Effect.ensuring(
      advance(ready.steps(run), transaction),
      Effect.sync(() => database.snapshots.delete(snapshot))
    )
  }
}

const aborted = () =>
  new Refusal({
    code: "25P02",
    message: "current transaction is aborted, commands ignored until end of transaction block"
  })

/** Goes on until the statement is done, waiting where it must. */
const advance = (steps: Steps<ReadonlyArray<Row>>, transaction: Transaction): Effect.Effect<
  ReadonlyArray<Row>,
  SqlError
> =>
  Effect.suspend(() => {
    const step = Result.try({ try: () => steps.next(), catch: (error) => error })
    if (Result.isFailure(step)) {
      return step.failure instanceof Refusal ? Effect.fail(serverError(step.failure)) : Effect.die(step.failure)
    }
    return step.success.done === true
      ? Effect.succeed(step.success.value)
      : awaitLock(transaction, step.success.value).pipe(
        Effect.mapError(serverError),
        Effect.andThen(advance(steps, transaction))
      )
  })
