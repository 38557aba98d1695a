import * as Schema from "effect/Schema"

// Patterns are Unicode's (flag u), as those of JSON Schema are: only then do they stand in the OpenAPI document.

// Of whatever version and variant: an id that was made elsewhere is no worse for it.
const uuid = Schema.String.check(
  Schema.isPattern(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u, { message: "a UUID" })
)

/** A comment, and at the same time the stream of all that happened to it: any UUID, in lower case. */
export const CommentId = uuid.pipe(Schema.brand("CommentId"))
export type CommentId = typeof CommentId.Type

/** One event: a UUIDv7, so that ids sort by the time they were made. */
export const EventId = uuid.pipe(Schema.brand("EventId"))
export type EventId = typeof EventId.Type

/** One commit: the identity by which a repeated put recognises itself in the log. */
export const CommitId = uuid.pipe(Schema.brand("CommitId"))
export type CommitId = typeof CommitId.Type

/** One command: derived from author, target and idempotency key where there is a key, fresh otherwise. */
export const CommandId = uuid.pipe(Schema.brand("CommandId"))
export type CommandId = typeof CommandId.Type

/** The picture that is commented on. It belongs to somebody else; here it is only a name: 1 to 128 characters, and safe as a path segment. */
export const PictureId = Schema.String.check(
  Schema.isPattern(/^(?!\.{1,2}$)[A-Za-z0-9._:-]{1,128}$/u, {
    message: "1 to 128 characters of A-Z a-z 0-9 . _ : - and neither . nor .."
  })
).pipe(Schema.brand("PictureId")).annotate({ description: "A picture's id, made elsewhere." })
export type PictureId = typeof PictureId.Type

/** Whoever acts: the `sub` of a token, 1 to 255 characters without control characters or lone surrogates. */
export const AuthorId = Schema.String.check(
  Schema.isPattern(/^[^\p{Cc}\p{Cs}]{1,255}$/u, { message: "1 to 255 characters, none of them a control character" })
).pipe(Schema.brand("AuthorId")).annotate({ description: "A user's id: the `sub` of their tokens." })
export type AuthorId = typeof AuthorId.Type

/** An event's place in its stream: 1, 2, 3, … with no gap. */
export const Version = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)).pipe(Schema.brand("Version"))
export type Version = typeof Version.Type

/** An instant in milliseconds since 1970-01-01T00:00:00Z. */
export const Timestamp = Schema.Int.pipe(Schema.brand("Timestamp"))
export type Timestamp = typeof Timestamp.Type

/** Ties together what one request caused, across services and logs. */
export const CorrelationId = Schema.String.check(Schema.isPattern(/^[\x21-\x7e]{1,128}$/u)).pipe(
  Schema.brand("CorrelationId")
)
export type CorrelationId = typeof CorrelationId.Type

/** A digest of a command's payload (method, target, normalised text): tells a retry from another command under the same key. */
export const Fingerprint = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{12}$/u)).pipe(
  Schema.brand("Fingerprint")
)
export type Fingerprint = typeof Fingerprint.Type
