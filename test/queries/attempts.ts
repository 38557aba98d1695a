import { queryRole } from "../../src/queries/roles.ts"
import { granted, type Role, tables } from "./expectedRights.ts"

const isGranted = (right: string) => granted.includes(right)

/** What is answered to everything that may be tried on a table, and on each of its columns. */
export const onTables = (role: Role) =>
  tables.flatMap(([table, { columns }]) => {
    const [first = ""] = Object.keys(columns)
    const answered = (right: string, statement: string) => [statement, isGranted(`${role} ${right}`)] as const
    return [
      ...Object.keys(columns).flatMap((column) => [
        answered(`SELECT ${table}.${column}`, `SELECT ${column} FROM ${table} WHERE false`),
        answered(
          `INSERT ${table}.${column}`,
          `INSERT INTO ${table} (${column}) OVERRIDING SYSTEM VALUE SELECT NULL WHERE false`
        ),
        answered(`UPDATE ${table}.${column}`, `UPDATE ${table} SET ${column} = DEFAULT WHERE false`)
      ]),
      answered(`DELETE ${table}`, `DELETE FROM ${table} WHERE false`),
      // Whoever may delete all rows may keep others from them.
      answered(`DELETE ${table}`, `DO $$ BEGIN LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE; END $$`),
      ...[
        `TRUNCATE ${table}`,
        `CREATE TRIGGER mine BEFORE UPDATE ON ${table} EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
        `ALTER TABLE ${table} ADD COLUMN mine text`,
        `ALTER TABLE ${table} OWNER TO CURRENT_USER`,
        `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
        `DROP TABLE ${table}`,
        `CREATE INDEX ON ${table} (${first})`,
        `CREATE RULE mine AS ON DELETE TO ${table} DO INSTEAD NOTHING`,
        `CREATE POLICY mine ON ${table}`,
        `COMMENT ON TABLE ${table} IS 'mine'`,
        `REINDEX TABLE ${table}`,
        `COPY ${table} TO PROGRAM 'cat'`,
        `COPY ${table} FROM PROGRAM 'cat'`,
        `COPY ${table} FROM '/etc/passwd'`
      ].map((statement) => [statement, false] as const)
    ].map(([statement, may]) => `${statement}: ${may ? "done" : "42501"}`)
  })

/** The statement of an answer. */
export const statementOf = (answer: string) => answer.replace(/: \w+$/, "")

/** What no role may do beyond the tables. */
export const beyond = [
  "CREATE TABLE mine ()",
  "CREATE TEMPORARY TABLE mine ()",
  "CREATE SCHEMA mine",
  "CREATE VIEW mine AS SELECT 1",
  "CREATE SEQUENCE mine",
  "CREATE TYPE mine AS ENUM ('a')",
  "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
  "CREATE FUNCTION mine() RETURNS integer LANGUAGE internal AS 'int4pl'",
  "CREATE PUBLICATION mine",
  "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION suppress_redundant_updates_trigger()",
  "CREATE LANGUAGE mine HANDLER plpgsql_call_handler",
  "DROP EXTENSION plpgsql",
  "CREATE DATABASE mine",
  "CREATE ROLE mine",
  "ALTER ROLE CURRENT_USER CREATEROLE",
  "ALTER ROLE CURRENT_USER BYPASSRLS",
  `DROP ROLE ${queryRole}`,
  "GRANT pg_read_all_data TO CURRENT_USER",
  "SET ROLE pg_read_all_data",
  "SET SESSION AUTHORIZATION postgres",
  "ALTER SYSTEM SET log_statement = 'all'",
  "SET log_statement = 'all'",
  "SET session_replication_role = replica",
  "CHECKPOINT",
  "LOAD 'mine'",
  "COPY (SELECT 1) TO PROGRAM 'cat'",
  "COPY (SELECT 1) TO '/tmp/mine'",
  "SELECT pg_read_file('PG_VERSION')",
  "SELECT pg_read_binary_file('PG_VERSION')",
  "SELECT pg_ls_dir('.')",
  "SELECT lo_import('/etc/passwd')",
  "SELECT lo_export(1, '/tmp/mine')",
  "SELECT loid FROM pg_largeobject",
  "SELECT rolpassword FROM pg_authid",
  "SELECT passwd FROM pg_shadow",
  "SELECT * FROM pg_hba_file_rules",
  "SELECT stavalues1 FROM pg_statistic",
  "SELECT pg_reload_conf()",
  "SELECT pg_rotate_logfile()",
  "SELECT pg_create_physical_replication_slot('mine')",
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'"
]

/**
 * What PostgreSQL lets everybody do who may connect, and only its superuser could take away (on RDS nobody can). None of it
 * leads to a row; the worst is to be in somebody's way.
 */
export const everybodyMay = [
  "LISTEN mine",
  "NOTIFY mine",
  "SELECT pg_try_advisory_lock(1)",
  "SELECT lo_unlink(lo_create(0))",
  "ALTER ROLE CURRENT_USER PASSWORD 'mine'",
  "SET default_transaction_read_only = off",
  "SELECT relname FROM pg_class"
]
