import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { opsGrants, projectorGrants, queryGrants, type TableGrants } from "./grants.ts"

/** The role that the query service's user is a member of: it may read what queries need. */
export const queryRole = "marginalia_query"

/** The role that the projector's user is a member of: it may change the rows of the read model. */
export const projectorRole = "marginalia_projector"

/** The role that the operators' user is a member of: it may what the projector may, and read all of the read model. */
export const opsRole = "marginalia_ops"

const roles = [
  { role: queryRole, grants: queryGrants },
  { role: projectorRole, grants: projectorGrants },
  { role: opsRole, grants: opsGrants }
]

// Roles are the whole server's: another database may make the same at the same time, and no lock of ours reaches there.
const create = (role: string) => `
  DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
      CREATE ROLE ${role} NOLOGIN;
    END IF;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END $$`

// What PostgreSQL before 15 gives to everybody is taken back: else each role could make tables of its own.
const closeDatabase = `
  DO $$ BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
  END $$`

// What is revoked of a table is revoked of its columns, too.
const enter = (role: string) => `
  DO $$ BEGIN
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM ${role}', current_schema());
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${role}', current_schema());
  END $$`

const grantsOf = (role: string, { rights, table }: TableGrants): string =>
  `GRANT ${
    Object.entries(rights)
      .map(([right, columns]) => columns.length === 0 ? right : `${right} (${columns.join(", ")})`)
      .join(", ")
  } ON ${table} TO ${role}`

/** Until the transaction ends nobody else changes roles by way of this database. */
export const lockRoles = SqlClient.SqlClient.use((sql) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended('marginalia_roles', 0))`
)

/**
 * Makes the three roles, where the server doesn't have them, and grants them what they may do with the read model's tables,
 * column by column: that, and nothing else, whatever they were granted before. Nobody can log in as one of them; a user is
 * made a member.
 *
 * All of it is one transaction under a lock, so that it may be run twice at once, and no statement of a running program
 * falls between. The tables must be there. The user must be their owner, and may have to create roles.
 */
export const grantRoles = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql.withTransaction(Effect.gen(function*() {
    yield* lockRoles
    yield* sql.unsafe(closeDatabase)
    for (const { grants, role } of roles) {
      yield* sql.unsafe(create(role))
      yield* sql.unsafe(enter(role))
      for (const grant of grants) yield* sql.unsafe(grantsOf(role, grant))
    }
  }))
}).pipe(Effect.withSpan("grantRoles"))
