import type { CommentEventType } from "../domain/CommentEvent.ts"

/** What an event says, as it lies in the log under some schema number. */
export type StoredData = Readonly<Record<string, unknown>>

/**
 * Lifts what an event says from one schema number to the next. Total: it gets whatever was ever written under its number,
 * and what it gives is checked against the next shape.
 */
export type Upcaster = (data: StoredData) => StoredData

/** For each event type the lifts from schema 1 to 2, from 2 to 3, and so on. */
export type Upcasters = { readonly [Type in CommentEventType]: ReadonlyArray<Upcaster> }

/**
 * Events are forever, so a shape that changes gets a new number, and an entry here that lifts what was written before. The
 * number that is written now follows from the table. With an entry come the new shape in `EventCodec.ts` and a file of
 * events of the new number beside the older ones in the tests.
 */
export const upcasters: Upcasters = {
  CommentPosted: [],
  CommentEdited: [],
  CommentDeleted: []
}

/** The schema number under which events of a type are written. */
export const currentSchema = (upcasters: Upcasters, type: CommentEventType): number => upcasters[type].length + 1
