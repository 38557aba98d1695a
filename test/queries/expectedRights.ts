import { eventLogMigrationsTable } from "../../src/events/migrations.ts"
import { opsRole, projectorRole, queryRole } from "../../src/queries/roles.ts"

export const roles = [queryRole, projectorRole, opsRole] as const
export type Role = (typeof roles)[number]

/** What may be done with a column: S to read it, I to give it to a new row, U to change it; `.` stands for nothing. */
type Letters = `${"S" | "."}${"I" | "."}${"U" | "."}`

/** The rights to one column, in the order of `roles`. */
type Cell = readonly [query: Letters, projector: Letters, ops: Letters]

/** A table: the rights to its columns, and who may delete rows. */
interface ExpectedTable {
  readonly columns: Readonly<Record<string, Cell>>
  readonly deletes: ReadonlyArray<Role>
}

const nobody: Cell = ["...", "...", "..."]

/**
 * Every table of a database with the read model and, beside it, a log: what each role may do with each column. There is
 * nothing else that they may do with a table.
 */
export const expectedRights: Readonly<Record<string, ExpectedTable>> = {
  comments: {
    columns: {
      id: ["S..", "SI.", "SI."],
      picture_id: ["S..", ".I.", "SI."],
      author_id: ["S..", ".I.", "SI."],
      text: ["S..", ".IU", "SIU"],
      version: ["S..", ".IU", "SIU"],
      created_at: ["S..", ".I.", "SI."],
      edited_at: ["S..", "SIU", "SIU"],
      deleted_at: ["S..", "SIU", "SIU"]
    },
    deletes: []
  },
  comment_history: {
    columns: {
      comment_id: ["S..", ".I.", "SI."],
      version: ["S..", ".I.", "SI."],
      type: ["S..", ".I.", "SI."],
      at: ["S..", ".I.", "SI."],
      text: ["S..", ".I.", "SI."]
    },
    deletes: []
  },
  picture_counts: {
    columns: { picture_id: ["S..", "SI.", "SI."], count: ["S..", "SIU", "SIU"] },
    deletes: []
  },
  author_counts: {
    columns: { author_id: ["S..", "SI.", "SI."], count: ["S..", "SIU", "SIU"] },
    deletes: []
  },
  stream_positions: {
    columns: {
      stream: ["S..", "SI.", "SI."],
      version: ["S..", "S.U", "S.U"],
      picture_id: ["...", "S.U", "S.U"],
      author_id: ["...", "S.U", "S.U"],
      parked_version: ["...", "..U", "S.U"],
      parked_cause: ["...", "..U", "S.U"],
      parked_payload: ["...", "..U", "S.U"],
      parked_at: ["S..", "S.U", "S.U"]
    },
    deletes: []
  },
  projection_checkpoints: {
    columns: {
      name: ["...", "SI.", "..."],
      checkpoint: ["...", "SIU", "..."],
      saved_at: ["...", "..U", "..."]
    },
    deletes: [projectorRole]
  },
  read_model_migrations: {
    columns: { migration_id: nobody, created_at: nobody, name: nobody },
    deletes: []
  },
  [eventLogMigrationsTable]: {
    columns: { migration_id: nobody, created_at: nobody, name: nobody },
    deletes: []
  },
  commits: {
    columns: {
      stream: nobody,
      version: nobody,
      last_version: nobody,
      commit_id: nobody,
      events: nobody,
      snapshot: nobody,
      transaction_id: nobody,
      position: nobody,
      stored_at: nobody
    },
    deletes: []
  }
}

export const tables = Object.entries(expectedRights)

const letters = { S: "SELECT", I: "INSERT", U: "UPDATE" } as const

/** Everything with which something may be done, as sentences: `<role> SELECT <table>.<column>`, `<role> DELETE <table>`. */
export const granted: ReadonlyArray<string> = Object.entries(expectedRights).flatMap((
  [table, { columns, deletes }]
) => [
  ...Object.entries(columns).flatMap(([column, cell]) =>
    roles.flatMap((role, place) =>
      (["S", "I", "U"] as const)
        .filter((letter) => cell[place]?.includes(letter) === true)
        .map((letter) => `${role} ${letters[letter]} ${table}.${column}`)
    )
  ),
  ...deletes.map((role) => `${role} DELETE ${table}`)
])
