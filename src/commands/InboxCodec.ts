import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { CommentCommand } from "../domain/CommentCommand.ts"
import { CommandId, CorrelationId, Timestamp } from "../domain/ids.ts"
import { EntryUndecodable } from "./CommandInbox.ts"
import { type InboxEntry, InboxOutcome } from "./InboxEntry.ts"

/** Where an entry stands. */
export type Status = "pending" | "done" | "rejected" | "failed"

// A text met the rules when it was accepted, and isn't held to them again: those of Unicode change with the runtime.
const text = Schema.String.pipe(Schema.brand("CommentText"))
const { DeleteComment, EditComment, PostComment } = CommentCommand.cases
const StoredCommand = Schema.Union([
  Schema.Struct({ ...PostComment.fields, text }),
  Schema.Struct({ ...EditComment.fields, text }),
  DeleteComment
])

/** A command as it lies in the inbox, as JSON. A shape that changes gets another number; an entry is gone after a week. */
export const StoredRequest = Schema.Struct({
  schema: Schema.Literal(1),
  command: StoredCommand,
  correlation: CorrelationId,
  trace: Schema.NullOr(Schema.String)
})

/** What came of a command as it lies in the inbox, as JSON. */
const StoredOutcome = Schema.Struct({ schema: Schema.Literal(1), outcome: InboxOutcome })

/** An entry as a layer stores it. */
export interface StoredEntry {
  readonly id: CommandId
  readonly acceptedAt: Timestamp
  readonly request: unknown
  readonly outcome: unknown
}

const encodeRequest = Schema.encodeSync(StoredRequest)
const encodeStoredOutcome = Schema.encodeSync(StoredOutcome)

/** What a layer stores of an entry that is accepted: JSON values. */
export const encodeEntry = ({ acceptedAt, command, origin }: InboxEntry): StoredEntry => ({
  id: command.commandId,
  acceptedAt,
  request: encodeRequest({
    schema: 1,
    command,
    correlation: origin.correlationId,
    trace: origin.traceParent
  }),
  outcome: null
})

/** What a layer stores of an outcome: a JSON value. */
export const encodeOutcome = (outcome: InboxOutcome): unknown => encodeStoredOutcome({ schema: 1, outcome })

/** The status of an outcome. */
export const statusOf = (outcome: InboxOutcome | null): Status => {
  switch (outcome?._tag) {
    case undefined:
      return "pending"
    case "Done":
      return "done"
    case "Rejected":
      return "rejected"
    case "Failed":
      return "failed"
  }
}

const Entry = Schema.Struct({
  id: CommandId,
  acceptedAt: Timestamp,
  request: StoredRequest,
  outcome: Schema.NullOr(StoredOutcome)
})
const decode = Schema.decodeUnknownResult(Entry)

/** The entry that a layer stored under an id. The reason of a failure tells nothing of what people wrote. */
export const decodeEntry = (id: CommandId, stored: unknown): Result.Result<InboxEntry, EntryUndecodable> =>
  Result.mapBoth(decode(stored), {
    onSuccess: ({ acceptedAt, outcome, request: { command, correlation, trace } }) => ({
      command,
      origin: { correlationId: correlation, traceParent: trace },
      acceptedAt,
      outcome: outcome?.outcome ?? null
    }),
    onFailure: () => new EntryUndecodable({ id, reason: `its shape isn't the known one${schemaOf(stored)}` })
  })

const schemaOf = (stored: unknown): string =>
  Predicate.hasProperty(stored, "request") && Predicate.hasProperty(stored.request, "schema") &&
    typeof stored.request.schema === "number"
    ? `: schema ${stored.request.schema}`
    : ""
