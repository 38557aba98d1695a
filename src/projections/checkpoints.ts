import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as SqlClient from "effect/sql/SqlClient"
import { TailCheckpoint } from "../events/EventTail.ts"

/** How far the follower of this name has come, as it was saved; none if it never was. */
export const loadCheckpoint = (sql: SqlClient.SqlClient, name: string) =>
  Effect.map(
    sql<{ readonly checkpoint: string }>`SELECT checkpoint FROM projection_checkpoints WHERE name = ${name}`,
    ([row]) => Option.map(Option.fromUndefinedOr(row), ({ checkpoint }) => TailCheckpoint.make(checkpoint))
  )

/** Remembers how far the follower of this name has come. */
export const saveCheckpoint = (sql: SqlClient.SqlClient, name: string, checkpoint: TailCheckpoint) =>
  sql`
    INSERT INTO projection_checkpoints (name, checkpoint) VALUES (${name}, ${checkpoint})
    ON CONFLICT (name) DO UPDATE SET checkpoint = excluded.checkpoint, saved_at = now()`
