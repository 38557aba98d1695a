import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** All that a user may do with what isn't PostgreSQL's own, as the server says; as `granted` says it, for a role's name. */
export const rightsOf = (user: string, role: string) =>
  SqlClient.SqlClient.use((sql) =>
    sql<{ readonly is: string }>`
      WITH relations AS (
        SELECT pg_class.oid, relname, relkind FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
      )
      SELECT p || ' ' || relname || '.' || attname AS is
      FROM relations JOIN pg_attribute ON attrelid = relations.oid AND attnum > 0 AND NOT attisdropped
      CROSS JOIN unnest(${
      ["SELECT", "INSERT", "UPDATE", "REFERENCES"].flatMap((right) => [right, `${right} WITH GRANT OPTION`])
    }::text[]) AS p
      WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND has_column_privilege(${user}, relations.oid, attnum, p)
      UNION ALL
      SELECT p || ' ' || relname FROM relations
      CROSS JOIN unnest(ARRAY['DELETE', 'TRUNCATE', 'TRIGGER'] || CASE
        WHEN current_setting('server_version_num')::integer < 170000 THEN '{}' ELSE ARRAY['MAINTAIN'] END) AS p
      WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND has_table_privilege(${user}, relations.oid, p)
      UNION ALL
      SELECT p || ' ' || relname FROM relations CROSS JOIN unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS p
      WHERE relkind = 'S' AND has_sequence_privilege(${user}, relations.oid, p)
      UNION ALL
      SELECT 'CREATE IN ' || nspname FROM pg_namespace WHERE has_schema_privilege(${user}, oid, 'CREATE')
      UNION ALL
      SELECT p || ' IN DATABASE' FROM unnest(ARRAY['CREATE', 'TEMPORARY']) AS p
      WHERE has_database_privilege(${user}, current_database(), p)
      UNION ALL
      SELECT 'EXECUTE ' || proname FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
      WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND has_function_privilege(${user}, pg_proc.oid, 'EXECUTE')
      UNION ALL
      SELECT 'MEMBER OF ' || rolname FROM pg_roles
      WHERE rolname NOT IN (${user}, ${role}) AND pg_has_role(${user}, oid, 'MEMBER')
      UNION ALL
      SELECT 'BE MORE' FROM pg_roles WHERE rolname IN (${user}, ${role})
        AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)`
  ).pipe(Effect.map((rights) => rights.map(({ is }) => `${role} ${is}`).toSorted()))

/** Every column of every table that isn't PostgreSQL's own. */
export const allColumns = SqlClient.SqlClient.use((sql) =>
  sql<{ readonly name: string }>`
    SELECT table_name || '.' || column_name AS name FROM information_schema.columns
    WHERE table_schema NOT LIKE 'pg\\_%' AND table_schema <> 'information_schema'`
).pipe(Effect.map((columns) => columns.map(({ name }) => name).toSorted()))
