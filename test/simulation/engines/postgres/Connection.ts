import { Effect, Stream } from "effect"
import type * as SqlConnection from "effect/sql/SqlConnection"
import type { SqlError } from "effect/sql/SqlError"
import type { Chance } from "../../kernel/Chance.ts"
import type { FaultKind } from "../../kernel/Faults.ts"
import type { Process } from "../../kernel/Process.ts"
import type { World } from "../../kernel/World.ts"
import { connectionLost, Refusal, serverError } from "./failures.ts"
import type { Server } from "./Server.ts"
import { type Answer, Session } from "./Session.ts"
import { Json, type Row, type Value } from "./values.ts"

// How long a statement is under way at most, and its answer, in milliseconds.
const longestWay = 6

// The same where that is slow.
const slowWay = { shortest: 30, longest: 1_200 }

// What has nothing to do with what was asked: cancelled for the time it took, out of memory, too many connections.
const transient = ["57014", "53200", "53300"] as const

const empty: Answer = { columns: [], rows: [] }

const given = (value: Value): unknown => value instanceof Json ? value.value : value

const objectOf = (columns: ReadonlyArray<string>, row: Row): Record<string, unknown> => {
  const object: Record<string, unknown> = {}
  for (const [index, name] of columns.entries()) object[name] = given(row[index] ?? null)
  return object
}

/** A process' connection, with its session at the server. */
export class Connection implements SqlConnection.Connection {
  readonly #world: World
  readonly #chance: Chance
  readonly #process: Process
  readonly #session: Session
  readonly #takeBack: () => void
  #underWay = 0

  constructor(server: Server, process: Process, chance: Chance) {
    this.#world = server.world
    this.#chance = chance
    this.#process = process
    this.#session = new Session(server, chance.fork("whims"))
    // What is under way is still carried out. The server notices the end of the connection when it answers.
    this.#takeBack = process.onKill(() => {
      if (this.#underWay === 0) this.#session.end()
    })
  }

  get isOpen(): boolean {
    return this.#session.isOpen
  }

  close(): void {
    this.#takeBack()
    this.#session.end()
  }

  get #way(): Effect.Effect<void> {
    return Effect.suspend(() => {
      const usual = this.#chance.integer(0, longestWay)
      const slow = this.#chance.integer(slowWay.shortest, slowWay.longest)
      const millis = this.#isStruck("slow statement") ? slow : usual
      return millis === 0 ? Effect.void : Effect.sleep(millis)
    })
  }

  #isStruck(kind: FaultKind): boolean {
    const isStruck = this.#world.faults.strikes(kind)
    if (isStruck) this.#world.journal.tell(this.#process.name, () => `Postgres: ${kind}`)
    return isStruck
  }

  readonly #lose = Effect.suspend(() => {
    this.close()
    return Effect.fail(connectionLost())
  })

  // A commit that fails is refused in one of two ways: the server finds that it can't be (40001), or goes away.
  readonly #commit: Effect.Effect<Answer, SqlError> = Effect.suspend(() => {
    if (this.#isStruck("failed commit")) {
      if (this.#chance.happens(0.5)) return this.#lose
      this.#session.rollback()
      return Effect.fail(serverError(new Refusal({ code: "40001", message: "could not serialize access" })))
    }
    const committed = Effect.as(this.#session.commit, empty)
    return this.#isStruck("unanswered commit") ? Effect.andThen(committed, this.#lose) : committed
  })

  #carryOut(sql: string, parameters: ReadonlyArray<unknown>): Effect.Effect<Answer, SqlError> {
    const session = this.#session
    if (!session.isOpen) return Effect.fail(connectionLost())
    this.#world.journal.tell(this.#process.name, () => `Postgres: ${sql.replaceAll(/\s+/g, " ").trim().slice(0, 120)}`)
    if (sql === "COMMIT") return this.#commit
    if (sql === "BEGIN") return Effect.as(Effect.sync(() => session.begin()), empty)
    if (sql === "ROLLBACK") return Effect.as(Effect.sync(() => session.rollback()), empty)
    const savepoint = /^(?<action>SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) (?<name>\w+)$/.exec(sql)
    if (savepoint !== null) {
      const { action, name = "" } = savepoint.groups ?? {}
      const kind = action === "SAVEPOINT" ? "make" : action === "RELEASE SAVEPOINT" ? "release" : "return"
      return Effect.as(session.savepoint(kind, name), empty)
    }
    const refused = this.#isStruck("refused statement") ? this.#chance.pick(transient) : null
    const answer = session.execute(sql, parameters, refused)
    if (!this.#isStruck("lost connection")) return answer
    return this.#chance.happens(0.5) ? this.#lose : Effect.andThen(answer, this.#lose)
  }

  #ask(sql: string, parameters: ReadonlyArray<unknown>): Effect.Effect<Answer, SqlError> {
    const asked = Effect.suspend(() => {
      this.#underWay++
      return this.#way.pipe(
        Effect.andThen(Effect.suspend(() => this.#carryOut(sql, parameters))),
        Effect.tap(() => this.#way),
        Effect.ensuring(Effect.sync(() => {
          this.#underWay--
          if (!this.#process.isAlive) this.#session.end()
        }))
      )
    })
    return this.#process.alive(asked)
  }

  readonly #objects = (sql: string, parameters: ReadonlyArray<unknown>) =>
    Effect.map(this.#ask(sql, parameters), ({ columns, rows }) => rows.map((row) => objectOf(columns, row)))

  readonly #values = (sql: string, parameters: ReadonlyArray<unknown>) =>
    Effect.map(this.#ask(sql, parameters), ({ rows }) => rows.map((row) => row.map(given)))

  readonly execute = this.#objects
  readonly executeRaw = this.#objects
  readonly executeUnprepared = this.#objects
  readonly executeValues = this.#values
  readonly executeValuesUnprepared = this.#values
  readonly executeStream = (sql: string, parameters: ReadonlyArray<unknown>) =>
    Stream.fromIterableEffect(this.#objects(sql, parameters))
}
