import type { Compilation } from "./Compilation.ts"
import type { Run } from "./Run.ts"
import { type Evaluate, type Place, type Scope, unknown } from "./Scope.ts"
import type { Expression, Join, Select } from "./sql/syntax.ts"
import type { Row, Value } from "./values.ts"

/** One row of each table of a FROM. */
export type Tuple = ReadonlyArray<Row | null>

interface Relation {
  readonly columns: ReadonlyArray<string>
  readonly rows: (run: Run, outer: Place | null) => ReadonlyArray<Row>
}

type Queries = (select: Select, outer: Scope | null) => Relation
type Expressions = (expression: Expression, scope: Scope) => Evaluate

/** The rows of a table, as a snapshot shows them, beginning anywhere. */
export const scan = ({ database, snapshot, whim }: Run, table: string): ReadonlyArray<Row> => {
  const rows: Array<Row> = []
  for (const chain of database.tables.get(table)?.chains.values() ?? []) {
    const row = chain.seenBy(snapshot)
    if (row !== null) rows.push(row)
  }
  if (rows.length < 2) return rows
  const start = whim(rows.length)
  return [...rows.slice(start), ...rows.slice(0, start)]
}

const unnested = (arrays: ReadonlyArray<Value>, ordinality: boolean): ReadonlyArray<Row> => {
  const columns = arrays.map((array) => Array.isArray(array) ? array : [])
  const length = Math.max(...columns.map((column) => column.length))
  return Array.from({ length }, (_, n) => [
    ...columns.map((column): Value => column[n] ?? null),
    ...(ordinality ? [n + 1] : [])
  ])
}

/** What makes a FROM ready: its scope, and the rows that it gives. */
export const makeFrom = (compilation: Compilation, evaluate: Expressions, query: Queries) => {
  const relationOf = ({ alias, columns, source }: Join, outer: Scope | null): Relation => {
    switch (source._tag) {
      case "Subselect":
        return query(source.select, outer)
      case "Unnest": {
        const arrays = source.arrays.map((array) => evaluate(array, { tables: [], outer }))
        return {
          columns: columns.length > 0 ? columns : arrays.map((_, n) => n === 0 ? alias ?? "unnest" : `unnest${n}`),
          rows: (run, outer) =>
            unnested(arrays.map((array) => array({ run, rows: [], outer, group: null })), source.ordinality)
        }
      }
      case "Table": {
        const { name } = source
        const part = compilation.parts.get(name)
        if (part !== undefined) {
          compilation.reads.add(name)
          return { columns: part, rows: (run) => run.parts.get(name) ?? [] }
        }
        const rows = compilation.database.tables.get(name) ?? unknown(`table ${name}`)
        return { columns: rows.table.columns.map(({ name }) => name), rows: (run) => scan(run, name) }
      }
    }
  }

  const nothing = (scope: Scope): Tuple => scope.tables.map(() => null)

  return (joins: ReadonlyArray<Join>, outer: Scope | null, first: Scope["tables"] = []) => {
    let scope: Scope = { tables: first, outer }
    let tuples = (_run: Run, _outer: Place | null): ReadonlyArray<Tuple> => [[]]
    for (const [index, join] of joins.entries()) {
      const relation = relationOf(join, outer)
      const before = { scope, tuples }
      const name = join.alias ?? (join.source._tag === "Table" ? join.source.name : null)
      scope = { tables: [...before.scope.tables, { name, columns: relation.columns }], outer }
      const on = join.on === null ? null : evaluate(join.on, scope)
      const missing = nothing(before.scope)
      tuples = (run, outer) => {
        const rows = relation.rows(run, outer)
        if (index === 0) return rows.map((row) => [row])
        const matched = new Set<Row>()
        const joined = before.tuples(run, outer).flatMap((tuple) => {
          const fitting = rows.filter((row) =>
            on === null || on({ run, rows: [...tuple, row], outer, group: null }) === true
          )
          for (const row of fitting) matched.add(row)
          if (fitting.length === 0) return join.kind === "inner" ? [] : [[...tuple, null]]
          return fitting.map((row) => [...tuple, row])
        })
        const others = join.kind === "full" ? rows.filter((row) => !matched.has(row)) : []
        return [...joined, ...others.map((row) => [...missing, row])]
      }
    }
    return { scope, tuples }
  }
}
