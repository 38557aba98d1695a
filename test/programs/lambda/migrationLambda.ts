import { Effect } from "effect"
import { migrationsHash } from "../../../src/programs/generate/migrationsHash.ts"
import { PrivatePostgres } from "../../engines/privatePostgres.ts"
import { serveSecret } from "../../support/secretsManager.ts"
import { serveStack } from "./resourceStack.ts"
import { runLambda } from "./runLambda.ts"

/** The owner's secret. */
export const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-owner-AbCdEf"

/** A new database, the secret of its owner, a stack whose resource it is, and the Lambda, whose environment names them. */
export const begin = Effect.fnUntraced(function*(more: Readonly<Record<string, string>> = {}) {
  const { inside, makeDatabase, owner } = yield* PrivatePostgres
  const url = yield* makeDatabase
  const secret = yield* serveSecret(arn, JSON.stringify({ ...owner, engine: "postgres" }))
  const stack = yield* serveStack()
  const environment = { ...secret.environment, DATABASE_URL: url, DATABASE_SECRET: arn, ...more }
  const run = runLambda("migration", { environment, sdk: true })
  return { run, secret: secret.state, stack, database: inside(url), hash: yield* migrationsHash }
})

/** What a request comes to, of a Lambda that is begun for it. */
export const outcome = Effect.fnUntraced(function*(
  { hash, run, stack }: Effect.Success<ReturnType<typeof begin>>,
  { properties = { MigrationsHash: hash }, timeLimit = 60_000, type = "Create" }: {
    readonly type?: string
    readonly properties?: object
    readonly timeLimit?: number
  } = {}
) {
  const { invoke } = yield* run
  yield* invoke(stack.request(type, properties), timeLimit)
  const { Data, Reason, Status } = yield* stack.answer
  return { Status, ...(Data === undefined ? {} : { Data }), ...(Reason === undefined ? {} : { Reason }) }
})
