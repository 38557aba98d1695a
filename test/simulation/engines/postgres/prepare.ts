import { change, type Ready } from "./change.ts"
import type { Compilation } from "./Compilation.ts"
import type { Database } from "./Database.ts"
import { insert } from "./insert.ts"
import type { Run, Steps } from "./Run.ts"
import { selection } from "./select.ts"
import { parseStatement } from "./sql/parseStatement.ts"
import type { Command } from "./sql/syntax.ts"
import type { Row } from "./values.ts"

interface Part extends Ready {
  readonly reads: ReadonlySet<string>
}

const ready = (database: Database, command: Command, parts: ReadonlyMap<string, ReadonlyArray<string>>): Part => {
  const compilation: Compilation = { database, parts, reads: new Set() }
  const select = selection(compilation)
  const made = command._tag === "Select"
    ? select.query(command)
    : command._tag === "Insert"
    ? insert(compilation, select, command)
    : change(compilation, select, command)
  return { columns: made.columns, steps: made.steps, reads: compilation.reads }
}

/** Makes a statement ready to be carried out any number of times. Throws `UnknownStatement`. */
export const prepare = (database: Database, sql: string): Ready => {
  const { main, with: ctes } = parseStatement(sql)
  const columns = new Map<string, ReadonlyArray<string>>()
  const parts = new Map<string, Part>()
  for (const { command, name } of ctes) {
    const part = ready(database, command, columns)
    columns.set(name, part.columns)
    parts.set(name, part)
  }
  const last = ready(database, main, columns)

  function* carryOut(run: Run, name: string): Steps<void> {
    const part = parts.get(name)
    if (part === undefined || run.parts.has(name)) return
    for (const read of part.reads) yield* carryOut(run, read)
    run.parts.set(name, yield* part.steps(run))
  }

  return {
    columns: last.columns,
    // The main statement comes first, with the parts that it reads. Those that nobody reads come after it, the last of
    // them first (PostgreSQL carries them out when it finishes the plan).
    *steps(run): Steps<ReadonlyArray<Row>> {
      for (const read of last.reads) yield* carryOut(run, read)
      const rows = yield* last.steps(run)
      for (const name of Array.from(parts.keys()).toReversed()) yield* carryOut(run, name)
      return rows
    }
  }
}
