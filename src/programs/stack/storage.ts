import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as SqlClient from "effect/sql/SqlClient"
import { randomBytes } from "node:crypto"
import { DynamoDb } from "../../platform/DynamoDb.ts"
import { createTables } from "../../platform/dynamoTables.ts"
import { migrate } from "../../platform/migrate.ts"
import * as Postgres from "../../platform/Postgres.ts"
import { type Login, makeLogins } from "../../queries/logins.ts"
import { readModelMigrations } from "../../queries/migrations.ts"
import { grantRoles } from "../../queries/roles.ts"
import { type CacheUsers, makeCacheUsers } from "./cacheUsers.ts"
import type { Engines } from "./engines.ts"

/** The tables' names, here as where nothing else is said. */
export const tables = { events: "marginalia-events", inbox: "marginalia-inbox" }

/** Engines that aren't AWS want a region and a key, and look at neither. */
export const anybody = { region: "local", accessKeyId: "local", secretAccessKey: "local" }

/** Makes the tables in DynamoDB, as the templates do on AWS. */
const makeTables = ({ dynamoDb }: Engines) => {
  const { region, ...credentials } = anybody
  return createTables(tables).pipe(Effect.provide(DynamoDb.layer({ endpoint: dynamoDb, region, credentials })))
}

/** Gives a login a password of this run, and tells where it comes with it. */
const urlAs = Effect.fnUntraced(function*(server: string, login: Login) {
  const sql = yield* SqlClient.SqlClient
  const password = randomBytes(18).toString("hex")
  yield* sql.unsafe(`ALTER ROLE ${login} PASSWORD '${password}'`)
  const url = new URL(server)
  url.username = login
  url.password = password
  return url.href
})

/** Brings the read model's tables up to date, and lets one user read them and another change their rows. */
const makeReadModel = ({ postgres }: Engines) =>
  Effect.gen(function*() {
    yield* migrate({ table: "read_model_migrations", migrations: readModelMigrations })
    yield* grantRoles
    yield* makeLogins
    return { queries: yield* urlAs(postgres, "query_service"), projector: yield* urlAs(postgres, "projector") }
  }).pipe(
    Effect.provide(
      Postgres.layer({ url: Redacted.make(postgres), maxConnections: 1, applicationName: "marginalia-stack" })
    )
  )

/** The URLs of the read model, by who comes to it. */
export interface ReadModelUsers {
  readonly queries: string
  readonly projector: string
}

/** As whom the programs come to the engines. */
export interface EngineUsers {
  readonly readModel: ReadModelUsers
  readonly cache: CacheUsers
}

/** Makes all tables that the services need, where they aren't there yet, and the users of the read model and of Redis. */
export const prepareStorage = Effect.fnUntraced(function*(engines: Engines) {
  const { cache, readModel } = yield* Effect.all(
    { tables: makeTables(engines), readModel: makeReadModel(engines), cache: makeCacheUsers(engines.redis) },
    { concurrency: "unbounded" }
  )
  return { readModel, cache } satisfies EngineUsers
})
