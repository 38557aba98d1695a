/** What may be done with a table: of each right the columns that it is about; none for a right to whole rows. */
export interface TableGrants {
  readonly table: string
  readonly rights: Readonly<Partial<Record<"SELECT" | "INSERT" | "UPDATE" | "DELETE", ReadonlyArray<string>>>>
}

const comments = ["id", "picture_id", "author_id", "text", "version", "created_at", "edited_at", "deleted_at"]
const history = ["comment_id", "version", "type", "at", "text"]
const position = ["stream", "version", "picture_id", "author_id", "parked_at"]
const mark = ["parked_version", "parked_cause", "parked_payload"]

/** What the query service's statements read: not what a stream was parked with, in which there is what people wrote. */
export const queryGrants: ReadonlyArray<TableGrants> = [
  { table: "comments", rights: { SELECT: comments } },
  { table: "comment_history", rights: { SELECT: history } },
  { table: "picture_counts", rights: { SELECT: ["picture_id", "count"] } },
  { table: "author_counts", rights: { SELECT: ["author_id", "count"] } },
  { table: "stream_positions", rights: { SELECT: ["stream", "version", "parked_at"] } }
]

const counting = (table: string, key: string): TableGrants => ({
  table,
  rights: { SELECT: [key, "count"], INSERT: [key, "count"], UPDATE: ["count"] }
})

/**
 * What the projector's statements do. It reads no text, deletes nothing but how far it had come, never changes what happened
 * or whose a comment is, and writes what a stream is parked with without reading it.
 */
export const projectorGrants: ReadonlyArray<TableGrants> = [
  {
    table: "comments",
    rights: {
      SELECT: ["id", "edited_at", "deleted_at"],
      INSERT: comments,
      UPDATE: ["version", "text", "edited_at", "deleted_at"]
    }
  },
  { table: "comment_history", rights: { INSERT: history } },
  counting("picture_counts", "picture_id"),
  counting("author_counts", "author_id"),
  {
    table: "stream_positions",
    rights: {
      SELECT: position,
      INSERT: ["stream"],
      UPDATE: ["version", "picture_id", "author_id", "parked_at", ...mark]
    }
  },
  {
    table: "projection_checkpoints",
    rights: {
      SELECT: ["name", "checkpoint"],
      INSERT: ["name", "checkpoint"],
      UPDATE: ["checkpoint", "saved_at"],
      DELETE: []
    }
  }
]

const readAll: Readonly<Record<string, ReadonlyArray<string>>> = {
  comments,
  comment_history: history,
  stream_positions: [...position, ...mark]
}

/** What operators do: they project, and look at all that the projector writes. Where its followers are isn't theirs. */
export const opsGrants: ReadonlyArray<TableGrants> = projectorGrants.flatMap(({ rights, table }) => {
  if (table === "projection_checkpoints") return []
  const columns = readAll[table]
  return [{ table, rights: columns === undefined ? rights : { ...rights, SELECT: columns } }]
})
