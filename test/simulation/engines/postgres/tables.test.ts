import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { describeEngines } from "../../../engines/databases.ts"
import { migratedReadModel } from "../../../support/migratedReadModel.ts"
import { Chance } from "../../kernel/Chance.ts"
import { Refusal } from "./failures.ts"
import { stored, type Table, tables } from "./tables.ts"
import type { Row, Value } from "./values.ts"

interface ColumnRow {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly initially: string | null
}

const columnsOf = ({ name }: Table) =>
  SqlClient.SqlClient.use((sql) =>
    sql<ColumnRow>`
      SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS required,
             pg_get_expr(adbin, adrelid) AS initially
      FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE attrelid = ${name}::text::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`
  )

const constraintsOf = ({ name }: Table, kind: "p" | "c") =>
  SqlClient.SqlClient.use((sql) =>
    sql<{ readonly name: string; readonly places: ReadonlyArray<number> }>`
      SELECT conname AS name, conkey::integer[] AS places FROM pg_constraint
      WHERE conrelid = ${name}::text::regclass AND contype::text = ${kind}::text ORDER BY conname`
  )

const typeOf = {
  uuid: "uuid",
  text: "text",
  integer: "integer",
  jsonb: "jsonb",
  timestamptz: "timestamp(3) with time zone"
}

const literal = (value: Value, type: string): string =>
  value === null ? "NULL" : `'${value instanceof Date ? value.toISOString() : String(value)}'::${type}`

/** A value of a type: now and then one that a constraint may refuse. */
const valueOf = (chance: Chance, type: keyof typeof typeOf): Value => {
  switch (type) {
    case "uuid":
      return "0190a0b0-0000-7000-8000-000000000001"
    case "text":
      return chance.pick(["a", ""])
    case "integer":
      return chance.pick([-1, 0, 1, 1, 1])
    case "timestamptz":
      return new Date(0)
    case "jsonb":
      return "{}"
  }
}

/** Rows of a table; null stands seldom where it may not, and often where it may. */
const rowsOf = ({ columns, name }: Table): ReadonlyArray<Row> => {
  const chance = new Chance(name)
  return Array.from(
    { length: 300 },
    () =>
      columns.map(({ required = false, type }) => chance.happens(required ? 0.05 : 0.5) ? null : valueOf(chance, type))
  )
}

/** The state and the constraint with which the simulation refuses a row; null if it doesn't. */
const simulatedRefusal = (table: Table, row: Row): string | null => {
  try {
    stored(table, row)
    return null
  } catch (error) {
    if (error instanceof Refusal) return `${error.code} ${error.constraint ?? error.column ?? ""}`
    throw error
  }
}

// A block of its own for each row: what was refused is taken back, and what wasn't as well.
const refusals = (table: Table, rows: ReadonlyArray<Row>) =>
  SqlClient.SqlClient.use((sql) => {
    const tries = rows.map((row, index) => {
      const given = row.map((value, place) => literal(value, table.columns[place]?.type ?? "text")).join(", ")
      return `
        BEGIN
          INSERT INTO ${table.name} VALUES (${given});
          INSERT INTO refusals VALUES (${index}, NULL);
          DELETE FROM ${table.name};
        EXCEPTION WHEN integrity_constraint_violation THEN
          GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME, missing = COLUMN_NAME;
          INSERT INTO refusals VALUES (${index}, SQLSTATE || ' ' || CASE broken WHEN '' THEN missing ELSE broken END);
        END;`
    })
    const all = `DO $$ DECLARE broken text; missing text; BEGIN ${tries.join("")} END $$`
    return sql.unsafe("CREATE TABLE refusals (place integer, refusal text)").pipe(
      Effect.andThen(sql.unsafe(all)),
      Effect.andThen(sql<{ readonly refusal: string | null }>`SELECT refusal FROM refusals ORDER BY place`),
      Effect.map((rows) => rows.map(({ refusal }) => refusal)),
      Effect.ensuring(Effect.ignore(sql.unsafe("DROP TABLE refusals")))
    )
  })

describeEngines("The tables of the simulated Postgres, beside those that the migrations make", (engine) => {
  it.layer(migratedReadModel(engine))((it) => {
    it.effect("are all there are", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const there = yield* sql<{ readonly name: string }>`
          SELECT tablename::text AS name FROM pg_tables
          WHERE schemaname = 'public' AND tablename NOT LIKE '%migrations' ORDER BY tablename`
        assert.sameMembers(there.map(({ name }) => name), tables.map(({ name }) => name))
      }))

    for (const table of tables) {
      it.effect(`${table.name} has the same columns, key and constraints`, () =>
        Effect.gen(function*() {
          const simulated = table.columns.map(({ initially, name, required = false, type }) => ({
            name,
            type: typeOf[type],
            required,
            initially: initially === undefined ? null : initially === "now" ? "now()" : String(initially)
          }))
          assert.deepStrictEqual(yield* columnsOf(table), simulated)
          const [key] = yield* constraintsOf(table, "p")
          assert.deepStrictEqual(key, { name: `${table.name}_pkey`, places: table.key.map((place) => place + 1) })
          const checks = table.checks.map(({ columns, name }) => ({
            name,
            places: columns.map((column) => table.columns.findIndex(({ name }) => name === column) + 1)
          }))
          assert.sameDeepMembers([...(yield* constraintsOf(table, "c"))], checks)
        }))

      it.effect(`${table.name} refuses the same rows, for the same constraint`, () =>
        Effect.gen(function*() {
          const rows = rowsOf(table)
          const expected = yield* refusals(table, rows)
          assert.isTrue(expected.includes(null))
          for (const { name } of table.checks) assert.include(expected, `23514 ${name}`)
          assert.deepStrictEqual(rows.map((row) => simulatedRefusal(table, row)), expected)
        }))
    }
  })
})
