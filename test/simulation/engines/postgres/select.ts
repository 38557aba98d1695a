import type { Compilation } from "./Compilation.ts"
import { evaluation } from "./evaluate.ts"
import { isAggregate, nameOf } from "./names.ts"
import { atOnce, lock, type Run, type Steps } from "./Run.ts"
import { type Evaluate, type Place, type Scope, unknown } from "./Scope.ts"
import { makeFrom, type Tuple } from "./sources.ts"
import type { Core, Expression, Item, Select } from "./sql/syntax.ts"
import { keyOf } from "./tables.ts"
import { compare, type Row, type Value } from "./values.ts"

/** What a SELECT comes to, made ready once. */
export interface Query {
  readonly columns: ReadonlyArray<string>
  /** What it gives, with what is around it. Takes no locks. */
  readonly rows: (run: Run, outer: Place | null) => ReadonlyArray<Row>
  readonly steps: (run: Run) => Steps<ReadonlyArray<Row>>
}

interface Sorted {
  readonly value: Evaluate
  readonly descending: boolean
}

// Null comes after all others.
const place = (one: Value, other: Value): number =>
  one === null || other === null ? Number(one === null) - Number(other === null) : compare(one, other)

const sort = (places: ReadonlyArray<Place>, order: ReadonlyArray<Sorted>): ReadonlyArray<Place> =>
  order.length === 0 ? places : places
    .map((at) => ({ at, keys: order.map(({ value }) => value(at)) }))
    .toSorted((one, other) => {
      for (const [index, { descending }] of order.entries()) {
        const difference = place(one.keys[index] ?? null, other.keys[index] ?? null)
        if (difference !== 0) return descending ? -difference : difference
      }
      return 0
    })
    .map(({ at }) => at)

const grouped = (tuples: ReadonlyArray<Tuple>, keys: ReadonlyArray<Evaluate>, at: (rows: Tuple) => Place) => {
  const groups = new Map<string, Array<Tuple>>()
  if (keys.length === 0) return [tuples]
  for (const tuple of tuples) {
    const key = JSON.stringify(keys.map((key) => key(at(tuple))))
    groups.set(key, [...(groups.get(key) ?? []), tuple])
  }
  return Array.from(groups.values())
}

/** What makes queries and expressions ready to be carried out. */
export const selection = (compilation: Compilation) => {
  const evaluate = evaluation((select, outer) => {
    const { rows } = query(select, outer)
    return (at) => rows(at.run, at)
  })
  const from = makeFrom(compilation, evaluate, (select, outer) => query(select, outer))

  /** What items give, with their names. */
  const projection = (items: ReadonlyArray<Item>, scope: Scope) => {
    const single = items.map(({ value }) => value === "*" ? null : evaluate(value, scope))
    return {
      columns: items.flatMap((item) =>
        item.value === "*" ? scope.tables.flatMap(({ columns }) => columns) : [nameOf(item)]
      ),
      row: (at: Place): Row =>
        single.flatMap((value) =>
          value === null
            ? at.rows.flatMap((row, slot) => row ?? scope.tables[slot]?.columns.map(() => null) ?? [])
            : [value(at)]
        )
    }
  }

  const coreOf = (core: Core, order: Select["orderBy"], outer: Scope | null) => {
    const { scope, tuples } = from(core.from, outer)
    const where = core.where === null ? null : evaluate(core.where, scope)
    const keys = core.groupBy.map((key) => evaluate(key, scope))
    const isGrouped = keys.length > 0 || core.items.some(({ value }) => value !== "*" && isAggregate(value))
    const { columns, row } = projection(core.items, scope)
    // A name stands for what is given under it, before it stands for a column.
    const sorted = order.map(({ by, descending }) => {
      const item = core.items.find((item) => by._tag === "Column" && by.table === null && nameOf(item) === by.name)
      const value: Expression = item === undefined || item.value === "*" ? by : item.value
      return { value: evaluate(value, scope), descending }
    })
    const places = (run: Run, outer: Place | null): ReadonlyArray<Place> => {
      const at = (rows: Tuple): Place => ({ run, rows, outer, group: null })
      const found = tuples(run, outer).filter((rows) => where === null || where(at(rows)) === true)
      const all = isGrouped
        ? grouped(found, keys, at).map((group) => ({ run, rows: group[0] ?? [], outer, group }))
        : found.map(at)
      return sort(all, sorted)
    }
    return { columns, places, row, where }
  }

  const query = (select: Select, outer: Scope | null): Query => {
    const { cores: [first, ...others], forUpdate, limit, orderBy } = select
    if (others.length > 0 && (orderBy.length > 0 || forUpdate)) return unknown("a union that is sorted or locked")
    const main = coreOf(first, orderBy, outer)
    const rest = others.map((core) => coreOf(core, [], outer))
    const most = limit === null ? null : evaluate(limit, { tables: [], outer })
    const limited = (places: ReadonlyArray<Place>, run: Run, outer: Place | null) =>
      most === null ? places : places.slice(0, Number(most({ run, rows: [], outer, group: null })))
    const rows = (run: Run, outer: Place | null): ReadonlyArray<Row> =>
      [main, ...rest].flatMap(({ places, row }) => limited(places(run, outer), run, outer).map(row))

    const [source] = first.from
    const table = source?.source._tag === "Table" ? compilation.database.tables.get(source.source.name) : undefined
    if (!forUpdate) {
      return {
        columns: main.columns,
        rows,
        steps: (run) => atOnce(() => rows(run, null))
      }
    }
    if (table === undefined || first.from.length > 1) return unknown("FOR UPDATE of anything but one table")
    return {
      columns: main.columns,
      rows,
      // First sorted, then locked, each as it is once it is locked.
      *steps(run) {
        const found: Array<Row> = []
        for (const at of limited(main.places(run, null), run, null)) {
          const [seen] = at.rows
          const chain = seen === undefined || seen === null ? undefined : table.chains.get(keyOf(table.table, seen))
          if (chain === undefined) continue
          yield* lock(run, chain)
          const row = chain.newest?.row ?? null
          const now = { ...at, rows: [row] }
          if (row !== null && (row === seen || main.where === null || main.where(now) === true)) {
            found.push(main.row(now))
          }
        }
        return found
      }
    }
  }

  return { evaluate, from, projection, query: (select: Select) => query(select, null) }
}

export type Selection = ReturnType<typeof selection>
