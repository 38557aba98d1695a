import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { lockRoles, opsRole, projectorRole, queryRole } from "./roles.ts"

/** Who comes to the read model, and the role of which each is a member. */
export const logins = [
  { login: "query_service", role: queryRole },
  { login: "projector", role: projectorRole },
  { login: "ops", role: opsRole }
] as const
export type Login = (typeof logins)[number]["login"]

// Since PostgreSQL 16 whoever makes a role is a member of it, and pg_hba.conf takes any kind of membership for one: a user
// who makes a login that authenticates with IAM couldn't come with a password any more. So somebody else makes it, who is
// gone with the same transaction.
const create = (login: string) => `
  DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '${login}') THEN
      RETURN;
    END IF;
    IF current_setting('server_version_num')::integer < 160000
      OR EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND rolsuper)
    THEN
      CREATE ROLE ${login} LOGIN;
    ELSE
      CREATE ROLE ${login}_maker CREATEROLE;
      EXECUTE 'GRANT ${login}_maker TO CURRENT_USER WITH INHERIT FALSE, SET TRUE';
      SET LOCAL ROLE ${login}_maker;
      CREATE ROLE ${login} LOGIN;
      RESET ROLE;
      DROP ROLE ${login}_maker;
    END IF;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END $$`

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
const authenticate = (login: string) => `
  DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
      GRANT rds_iam TO ${login};
    END IF;
  END $$`

// What it was a member of before: another version may have had it so.
const leave = (login: string, role: string) => `
  DO $$ BEGIN
    IF EXISTS (
      SELECT FROM pg_auth_members
      WHERE member = '${login}'::regrole AND roleid = '${role}'::regrole AND grantor = current_user::regrole
    ) THEN
      REVOKE ${role} FROM ${login};
    END IF;
  END $$`

// Makes a login, a member of the role and of no other of ours, if the server doesn't have it. On RDS and Aurora it authenticates with IAM.
const makeLogin = Effect.fnUntraced(
  function*({ login, role }: { readonly login: string; readonly role: string }) {
    const sql = yield* SqlClient.SqlClient
    yield* sql.unsafe(create(login))
    yield* sql.unsafe(`GRANT ${role} TO ${login}`)
    for (const other of [queryRole, projectorRole, opsRole]) {
      if (other !== role) yield* sql.unsafe(leave(login, other))
    }
    yield* sql.unsafe(authenticate(login))
  }
)

/**
 * Makes the logins of the query service, the projector and ops. None has a password: it takes IAM, or somebody who gives
 * them one.
 *
 * All of it is one transaction under the lock that `grantRoles` takes, so that it may be run twice at once. The roles must
 * be there. The user must be allowed to create roles.
 */
export const makeLogins = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql.withTransaction(Effect.andThen(lockRoles, Effect.forEach(logins, makeLogin, { discard: true })))
}).pipe(Effect.withSpan("makeLogins"))
