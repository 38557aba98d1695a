import type { Compilation } from "./Compilation.ts"
import { Refusal } from "./failures.ts"
import { lock, type Run, type Steps } from "./Run.ts"
import type { Place } from "./Scope.ts"
import { unknown } from "./Scope.ts"
import type { Selection } from "./select.ts"
import { scan } from "./sources.ts"
import type { Assignment, Delete, Update } from "./sql/syntax.ts"
import { stored, type Table } from "./tables.ts"
import type { Row } from "./values.ts"

/** A command that was made ready. */
export interface Ready {
  readonly columns: ReadonlyArray<string>
  readonly steps: (run: Run) => Steps<ReadonlyArray<Row>>
}

export const tableNamed = ({ database }: Compilation, name: string) =>
  database.tables.get(name) ?? unknown(`table ${name}`)

export const columnsOf = ({ columns }: Table) => columns.map(({ name }) => name)

/** What an assignment makes of a row, at a place in which it stands first. */
export const assigned = (
  { evaluate }: Selection,
  table: Table,
  set: ReadonlyArray<Assignment>,
  scope: Parameters<Selection["evaluate"]>[1]
) => {
  const columns = columnsOf(table)
  const changes = set.map(({ column, value }) => ({ index: columns.indexOf(column), value: evaluate(value, scope) }))
  if (changes.some(({ index }) => index < 0)) return unknown(`an assignment to a column of ${table.name}`)
  return (at: Place, row: Row): Row => {
    const next = row.slice()
    for (const { index, value } of changes) next[index] = value(at)
    return stored(table, next)
  }
}

/** Updates and deletes: each row is locked, and looked at again if it isn't as the snapshot showed it. */
export const change = (compilation: Compilation, selection: Selection, command: Update | Delete): Ready => {
  const rows = tableNamed(compilation, command.table)
  const own = { name: command.table, columns: columnsOf(rows.table) }
  const joins = command._tag === "Update" ? command.from : []
  const { scope: others, tuples } = selection.from(joins, null)
  const scope = { tables: [own, ...others.tables], outer: null }
  const where = command.where === null ? null : selection.evaluate(command.where, scope)
  const assign = command._tag === "Update" ? assigned(selection, rows.table, command.set, scope) : null
  const { columns, row: returned } = selection.projection(command.returning, scope)
  return {
    columns,
    *steps(run) {
      const { snapshot: { command: number, transaction } } = run
      const fits = (row: Row, tuple: ReadonlyArray<Row | null>) =>
        where === null || where({ run, rows: [row, ...tuple], outer: null, group: null }) === true
      const joined = tuples(run, null)
      const candidates = scan(run, command.table).flatMap((row) =>
        joined.filter((tuple) => fits(row, tuple)).map((tuple) => ({ row, tuple }))
      )
      const results: Array<Row> = []
      for (const { row, tuple } of candidates) {
        const chain = rows.chainOf(row)
        yield* lock(run, chain)
        const newest = chain.newest
        // What this command has changed already is not changed again.
        if (newest === undefined || (newest.transaction === transaction && newest.command === number)) continue
        if (newest.row === null || (newest.row !== row && !fits(newest.row, tuple))) continue
        const at: Place = { run, rows: [newest.row, ...tuple], outer: null, group: null }
        const next = assign === null ? null : assign(at, newest.row)
        transaction.write(chain, next, number)
        results.push(returned({ ...at, rows: [next ?? newest.row, ...tuple] }))
      }
      return results
    }
  }
}

/** The refusal of a row whose key is there already. */
export const duplicate = ({ name }: Table): Refusal =>
  new Refusal({
    code: "23505",
    message: "duplicate key value violates unique constraint",
    constraint: `${name}_pkey`
  })
