import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { opsGrants, projectorGrants, queryGrants, type TableGrants } from "./grants.ts"

/** The role that the query service's user is a member of: it may read what queries need. */
export const queryRole = "marginalia_query"

/** The role that the projector's user is a member of: it may change the rows of the read model. */
export const projectorRole = "marginalia_projector"

/** The role that the operators' user is a member of: it may what the projector may, and read all of the read model. */
export const opsRole = "marginalia_ops"

// The last is that of the migrations, which nobody is granted.
const ownTables = [...new Set([...opsGrants, ...projectorGrants, ...queryGrants].map(({ table }) => table))]
  .concat("read_model_migrations")

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

// What everybody may, each role may: PostgreSQL before 15 lets everybody make tables of their own.
const closeDatabase = `
  DO $$ DECLARE
    one regclass;
  BEGIN
    EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
    FOR one IN
      SELECT oid FROM pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relname IN (${
  ownTables.map((table) => `'${table}'`).join(", ")
})
    LOOP
      EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', one);
    END LOOP;
  END $$`

// What is revoked of a table is revoked of its columns, too. To connect may be what the database's owner gives to few.
const enter = (role: string) => `
  DO $$ BEGIN
    EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM ${role}', current_database());
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM ${role}', current_schema());
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM ${role}', current_schema());
    EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM ${role}', current_schema());
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${role}', current_schema());
  END $$`

// A membership that somebody else granted may be theirs alone to take back.
const leaveOthers = (role: string) => `
  DO $$ DECLARE
    one record;
  BEGIN
    FOR one IN
      SELECT roleid::regrole AS other, rolname AS grantor FROM pg_auth_members JOIN pg_roles ON pg_roles.oid = grantor
      WHERE member = '${role}'::regrole
    LOOP
      BEGIN
        EXECUTE format('REVOKE %s FROM ${role} GRANTED BY %I CASCADE', one.other, one.grantor);
      EXCEPTION WHEN insufficient_privilege THEN NULL;
      END;
    END LOOP;
  END $$`

/** Warns of what each role is a member of all the same. */
const tellMemberships = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const left = yield* sql<{ readonly membership: string }>`
    SELECT pg_get_userbyid(member) || ' of ' || pg_get_userbyid(roleid) AS membership FROM pg_auth_members
    WHERE pg_get_userbyid(member) IN (${queryRole}, ${projectorRole}, ${opsRole}) ORDER BY 1`
  if (left.length === 0) return
  yield* Effect.logWarning(
    "roles of the read model are members of others, and may what those may: only who granted that can take it back",
    { memberships: left.map(({ membership }) => membership) }
  )
})

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
 * column by column. Nobody can log in as one of them; a user is made a member.
 *
 * Taken back is what the roles were granted besides: on tables and sequences of the schema, to make things there, and their
 * memberships in other roles. So is what everybody was granted on the read model's tables, or to make things. A membership
 * that isn't the user's to take back is warned of.
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
      yield* sql.unsafe(leaveOthers(role))
      for (const grant of grants) yield* sql.unsafe(grantsOf(role, grant))
    }
    yield* tellMemberships
  }))
}).pipe(Effect.withSpan("grantRoles"))
