import * as Schema from "effect/Schema"
import { CommentText } from "./CommentText.ts"
import {
  AuthorId,
  CommandId,
  CommentId,
  CorrelationId,
  EventId,
  Fingerprint,
  PictureId,
  Timestamp,
  Version
} from "./ids.ts"

/** What can happen to a comment, in the past tense. The names and shapes are what is written to the log for ever. */
export const CommentEvent = Schema.TaggedUnion({
  CommentPosted: { pictureId: PictureId, authorId: AuthorId, text: CommentText },
  CommentEdited: { text: CommentText },
  CommentDeleted: { by: Schema.Literals(["author", "moderator"]) }
})
export type CommentEvent = typeof CommentEvent.Type
export type CommentEventType = CommentEvent["_tag"]

/** An event as it stands in the log: what happened, where in its stream, when, by whom and because of what. */
export const RecordedEvent = Schema.Struct({
  id: EventId,
  stream: CommentId,
  version: Version,
  /** Never before its predecessor in the stream, whatever the clock does. */
  occurredAt: Timestamp,
  actor: AuthorId,
  commandId: CommandId,
  /** Of the command's payload; null when the command came without an idempotency key. */
  fingerprint: Schema.NullOr(Fingerprint),
  correlationId: CorrelationId,
  /** The W3C `traceparent` of the request, if it was traced. */
  traceParent: Schema.NullOr(Schema.String),
  body: CommentEvent
})
export type RecordedEvent = typeof RecordedEvent.Type
