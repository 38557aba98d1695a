import type { Chain } from "./Chain.ts"
import { assigned, columnsOf, duplicate, type Ready, tableNamed } from "./change.ts"
import type { Compilation } from "./Compilation.ts"
import { nowhere } from "./Compilation.ts"
import { Refusal } from "./failures.ts"
import { atOnce, lock, type Run, type Steps } from "./Run.ts"
import type { Place } from "./Scope.ts"
import { unknown } from "./Scope.ts"
import type { Selection } from "./select.ts"
import type { Conflict, Insert } from "./sql/syntax.ts"
import { stored, type Table } from "./tables.ts"
import type { Row } from "./values.ts"

/** Takes the place of a row if there is none; false if there is one. Waits for whoever is about to make one there. */
function* takePlace({ snapshot: { transaction } }: Run, chain: Chain): Steps<boolean> {
  while (true) {
    const { newest, owner } = chain
    const isOthers = newest !== undefined && newest.transaction !== transaction && newest.transaction.committed === null
    if (!isOthers && newest !== undefined && newest.row !== null) return false
    if (owner === null || owner === transaction) {
      transaction.hold(chain)
      return true
    }
    yield { chain, wantsLock: false }
  }
}

const onConflict = (selection: Selection, table: Table, conflict: Conflict | null) => {
  if (conflict === null || conflict.set === null) return null
  const columns = columnsOf(table)
  const scope = { tables: [{ name: table.name, columns }, { name: "excluded", columns }], outer: null }
  return {
    assign: assigned(selection, table, conflict.set, scope),
    where: conflict.where === null ? null : selection.evaluate(conflict.where, scope)
  }
}

const rowsOf = (selection: Selection, source: Insert["source"]): Ready["steps"] => {
  if ("_tag" in source) return selection.query(source).steps
  const values = source.map((row) => row.map((value) => selection.evaluate(value, nowhere)))
  return (run) =>
    atOnce(() => values.map((row) => row.map((value) => value({ run, rows: [], outer: null, group: null }))))
}

const isKey = ({ columns, key }: Table, target: ReadonlyArray<string>) =>
  target.length === 0 || (target.length === key.length && key.every((place) => {
    const name = columns[place]?.name
    return name !== undefined && target.includes(name)
  }))

/** Inserts: constraints are looked at before conflicts, and conflicts only where a row can be seen by all or is made. */
export const insert = (compilation: Compilation, selection: Selection, command: Insert): Ready => {
  const rows = tableNamed(compilation, command.table)
  const { table } = rows
  const { conflict } = command
  if (conflict !== null && !isKey(table, conflict.target)) return unknown(`ON CONFLICT (${conflict.target.join()})`)
  const all = columnsOf(table)
  const places = (command.columns.length === 0 ? all : command.columns).map((name) => all.indexOf(name))
  const source = rowsOf(selection, command.source)
  const update = onConflict(selection, table, conflict)
  const own = { name: command.table, columns: all }
  const { columns, row: returned } = selection.projection(command.returning, { tables: [own], outer: null })

  const complete = (given: Row, now: Date): Row => {
    const row: Array<Row[number]> = table.columns.map(({ initially }) =>
      initially === undefined ? null : initially === "now" ? now : initially
    )
    for (const [index, place] of places.entries()) row[place] = given[index] ?? null
    return stored(table, row)
  }

  /** Does what is to be done about a conflict; null if nothing is, true to begin again. */
  function* settle(run: Run, chain: Chain, proposed: Row): Steps<Row | null | true> {
    const { snapshot: { command: number, transaction } } = run
    if (conflict === null) throw duplicate(table)
    if (update === null) return null
    yield* lock(run, chain)
    const newest = chain.newest
    // Deleted while this waited for it.
    if (newest === undefined || newest.row === null) return true
    if (newest.transaction === transaction && newest.command === number) {
      throw new Refusal({ code: "21000", message: "ON CONFLICT DO UPDATE command cannot affect row a second time" })
    }
    const at: Place = { run, rows: [newest.row, proposed], outer: null, group: null }
    if (update.where !== null && update.where(at) !== true) return null
    const next = update.assign(at, newest.row)
    transaction.write(chain, next, number)
    return next
  }

  return {
    columns,
    *steps(run) {
      const { snapshot: { command: number, transaction } } = run
      const results: Array<Row> = []
      for (const given of yield* source(run)) {
        const proposed = complete(given, run.now)
        const chain = rows.chainOf(proposed)
        let done: Row | null | true = true
        while (done === true) {
          if (yield* takePlace(run, chain)) {
            transaction.write(chain, proposed, number)
            done = proposed
          } else done = yield* settle(run, chain, proposed)
        }
        if (done !== null) results.push(returned({ run, rows: [done], outer: null, group: null }))
      }
      return results
    }
  }
}
