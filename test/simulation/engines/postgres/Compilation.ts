import type { Database } from "./Database.ts"
import type { Scope } from "./Scope.ts"

/** What is known while a statement is made ready. */
export interface Compilation {
  readonly database: Database
  /** The columns of the parts of its `WITH`, by their names. */
  readonly parts: ReadonlyMap<string, ReadonlyArray<string>>
  /** The parts that are read. */
  readonly reads: Set<string>
}

export const nowhere: Scope = { tables: [], outer: null }
