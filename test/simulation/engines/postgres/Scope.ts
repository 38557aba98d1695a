import type { Run } from "./Run.ts"
import { UnknownStatement } from "./sql/Tokens.ts"
import type { Row, Value } from "./values.ts"

/** What the names in an expression stand for, where it stands. */
export interface Scope {
  readonly tables: ReadonlyArray<{ readonly name: string | null; readonly columns: ReadonlyArray<string> }>
  readonly outer: Scope | null
}

/** One row of each table of a scope; null for one that a join has nothing for. */
export interface Place {
  readonly run: Run
  readonly rows: ReadonlyArray<Row | null>
  readonly outer: Place | null
  /** The rows that were grouped; null where nothing is. */
  readonly group: ReadonlyArray<ReadonlyArray<Row | null>> | null
}

export type Evaluate = (place: Place) => Value

export const unknown = (what: string): never => {
  throw new UnknownStatement({ message: `the simulated Postgres doesn't know this: ${what}` })
}

/** What gives a column's value. */
export const column = (scope: Scope, table: string | null, name: string): Evaluate => {
  for (const [slot, { columns, name: known }] of scope.tables.entries()) {
    const index = columns.indexOf(name)
    if (index >= 0 && (table === null || table === known)) return ({ rows }) => rows[slot]?.[index] ?? null
  }
  const { outer } = scope
  if (outer === null) return unknown(`column ${table === null ? name : `${table}.${name}`}`)
  const outside = column(outer, table, name)
  return ({ outer }) => outer === null ? null : outside(outer)
}
