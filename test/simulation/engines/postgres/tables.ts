import { Refusal } from "./failures.ts"
import { cast, type Row, type Value } from "./values.ts"

interface Column {
  readonly name: string
  readonly type: "uuid" | "text" | "integer" | "timestamptz" | "jsonb"
  readonly required?: true
  readonly initially?: 0 | "now"
}

interface Check {
  readonly name: string
  readonly columns: ReadonlyArray<string>
  readonly holds: (values: ReadonlyArray<Value>) => boolean
}

/** A table as the migrations make it. */
export interface Table {
  readonly name: string
  readonly columns: ReadonlyArray<Column>
  /** The places of the primary key's columns. */
  readonly key: ReadonlyArray<number>
  readonly checks: ReadonlyArray<Check>
}

const id = (name: string): Column => ({ name, type: "uuid", required: true })
const text = (name: string): Column => ({ name, type: "text" })
const someText = (name: string): Column => ({ name, type: "text", required: true })
const integer = (name: string): Column => ({ name, type: "integer" })
const someInteger = (name: string): Column => ({ name, type: "integer", required: true })
const instant = (name: string): Column => ({ name, type: "timestamptz" })
const someInstant = (name: string): Column => ({ name, type: "timestamptz", required: true })

const atLeast = (table: string, column: string, minimum: number): Check => ({
  name: `${table}_${column}_check`,
  columns: [column],
  holds: ([value]) => typeof value !== "number" || value >= minimum
})

const table = (
  name: string,
  key: ReadonlyArray<string>,
  columns: ReadonlyArray<Column>,
  checks: ReadonlyArray<Check>
): Table => ({
  name,
  columns,
  key: key.map((part) => columns.findIndex(({ name }) => name === part)),
  // The server looks at them in the order of their names.
  checks: checks.toSorted((one, other) => one.name < other.name ? -1 : 1)
})

const counts = (name: string, key: string) =>
  table(name, [key], [someText(key), someInteger("count")], [atLeast(name, "count", 0)])

/** The tables of the read model, as its migrations make them. */
export const tables: ReadonlyArray<Table> = [
  table("stream_positions", ["stream"], [
    id("stream"),
    { name: "version", type: "integer", required: true, initially: 0 },
    text("picture_id"),
    text("author_id"),
    integer("parked_version"),
    text("parked_cause"),
    { name: "parked_payload", type: "jsonb" },
    instant("parked_at")
  ], [atLeast("stream_positions", "version", 0), {
    name: "stream_positions_check",
    columns: ["parked_version", "parked_at"],
    holds: ([version, at]) => (version === null) === (at === null)
  }]),
  table("comments", ["id"], [
    id("id"),
    someText("picture_id"),
    someText("author_id"),
    text("text"),
    someInteger("version"),
    someInstant("created_at"),
    instant("edited_at"),
    instant("deleted_at")
  ], [atLeast("comments", "version", 1), {
    name: "comments_check",
    columns: ["text", "deleted_at"],
    holds: ([text, deleted]) => (text === null) === (deleted !== null)
  }]),
  table("comment_history", ["comment_id", "version"], [
    id("comment_id"),
    someInteger("version"),
    someText("type"),
    someInstant("at"),
    text("text")
  ], [atLeast("comment_history", "version", 1)]),
  counts("picture_counts", "picture_id"),
  counts("author_counts", "author_id"),
  table("projection_checkpoints", ["name"], [
    someText("name"),
    someText("checkpoint"),
    { name: "saved_at", type: "timestamptz", required: true, initially: "now" }
  ], [])
]

/** A row as its table takes it. Throws the server's refusal for one that it doesn't. */
export const stored = ({ checks, columns, name }: Table, row: Row): Row => {
  const values = columns.map(({ type }, index) => cast(row[index] ?? null, type))
  for (const [index, { name: column, required }] of columns.entries()) {
    if (required === true && values[index] === null) {
      throw new Refusal({ code: "23502", message: `null value in column "${column}" of relation "${name}"`, column })
    }
  }
  for (const { columns: checked, holds, name: constraint } of checks) {
    const found = checked.map((column) => values[columns.findIndex(({ name }) => name === column)] ?? null)
    if (holds(found)) continue
    throw new Refusal({ code: "23514", message: `new row for relation "${name}" violates "${constraint}"`, constraint })
  }
  return values
}

/** What tells a row of a table from its others. */
export const keyOf = ({ key }: Table, row: Row): string => key.map((place) => String(row[place])).join("\n")
