import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { migrate } from "../../platform/migrate.ts"
import * as Postgres from "../../platform/Postgres.ts"
import { type Credentials, readCredentials } from "../../platform/secrets.ts"
import { SettingRefused } from "../../platform/settings.ts"
import { makeLogins } from "../../queries/logins.ts"
import { readModelMigrations } from "../../queries/migrations.ts"
import { grantRoles } from "../../queries/roles.ts"
import { migrationsHash } from "../generate/migrationsHash.ts"
import { readMigrationSettings, secretVariable } from "./settings.ts"

/** The template and the function are of different versions. */
export class OutOfStep extends Schema.TaggedError<OutOfStep>()("OutOfStep", {
  asked: Schema.String,
  known: Schema.String
}) {
  override get message(): string {
    return `The template asks for the migrations ${this.asked}, but the function has ${this.known}: ` +
      "build both from the same sources (npm run generate, npm run build)."
  }
}

const urlAs = (url: Redacted.Redacted, { password, username }: Credentials) =>
  Effect.try({
    try: () => {
      const place = new URL(Redacted.value(url))
      place.username = encodeURIComponent(username)
      place.password = encodeURIComponent(Redacted.value(password))
      return Redacted.make(place.href)
    },
    catch: () => new SettingRefused({ variable: "DATABASE_URL", message: "DATABASE_URL must be a URL with a host." })
  })

// As long as a Lambda may take. What an index of a large table takes is known only there.
const statementTimeout = "15 minutes"

/**
 * Brings the read model's tables up to date, grants the roles what they may, and makes the logins that are members of them:
 * as the database's owner, whose secret nobody else reads. It may be run again, and twice at once. A read model that a newer
 * version has migrated is left as it is: nothing is ever reverted.
 *
 * @param asked the hash of the migrations that the template was made for
 */
export const migrateReadModel = Effect.fn("migrateReadModel")(function*(asked: string) {
  const { database, secret } = yield* readMigrationSettings
  const known = yield* migrationsHash
  if (asked !== known) return yield* new OutOfStep({ asked, known })
  const owner = yield* readCredentials(secretVariable, secret)
  const asOwner = Postgres.layerOf(
    { ...database, url: yield* urlAs(database.url, owner), maxConnections: 1 },
    "marginalia-migration",
    { statementTimeout }
  )
  yield* migrate({ table: "read_model_migrations", migrations: readModelMigrations }).pipe(
    Effect.andThen(grantRoles),
    Effect.andThen(makeLogins),
    // So it is while a deployment is rolled back that has migrated, or an older version is deployed again. Older programs go
    // on with newer tables, because migrations expand first; what an older version would grant would take away what a newer
    // one has granted.
    Effect.catchTag(
      "DatabaseTooNew",
      ({ found, known }) =>
        Effect.logWarning("The read model is newer than this version, and stays as it is").pipe(
          Effect.annotateLogs({ found, known })
        )
    ),
    Effect.provide(asOwner)
  )
})
