import { Arbitrary, Array, Result, Schema } from "effect"
import { Actor, CommentCommand, Precondition } from "../../src/domain/CommentCommand.ts"
import { CommentEvent, RecordedEvent } from "../../src/domain/CommentEvent.ts"
import { CommentText, maxGraphemes, parseText } from "../../src/domain/CommentText.ts"
import {
  AuthorId,
  CommandId,
  CommentId,
  CommitId,
  CorrelationId,
  EventId,
  Fingerprint,
  PictureId,
  Timestamp,
  Version
} from "../../src/domain/ids.ts"

/** One of some arbitraries, each as likely as the others. Shrinks towards the first. */
export const oneOf = <A>(...choices: Array.NonEmptyReadonlyArray<Arbitrary.Arbitrary<A>>): Arbitrary.Arbitrary<A> =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: choices.length - 1 }))).pipe(
    Arbitrary.flatMap((index) => choices[index] ?? choices[0])
  )

/** One of some values, each as likely as the others. Shrinks towards the first. */
export const elementOf = <const A>(...values: Array.NonEmptyReadonlyArray<A>): Arbitrary.Arbitrary<A> =>
  oneOf<A>(...Array.map(values, (value) => Arbitrary.Constant(value)))

/** A whole number from a range, both ends included. */
export const integer = (minimum: number, maximum: number): Arbitrary.Arbitrary<number> =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

export const commentId = Arbitrary.schema(CommentId)
export const eventId = Arbitrary.schema(EventId)
export const commitId = Arbitrary.schema(CommitId)
export const commandId = Arbitrary.schema(CommandId)
// These two aren't derived from their schemas: of what that gives, a pattern's look-ahead or classes throw much away.
export const pictureId = Arbitrary.map(
  oneOf(
    Arbitrary.schema(Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_:-][A-Za-z0-9._:-]{0,40}$/))),
    elementOf("sunset-42", "...", "..a", "-".repeat(128))
  ),
  (id) => PictureId.make(id)
)
export const correlationId = Arbitrary.schema(CorrelationId)
export const fingerprint = Arbitrary.schema(Fingerprint)
export const version = Arbitrary.schema(Version)

export const authorId = Arbitrary.map(
  oneOf(
    Arbitrary.schema(Schema.String.check(Schema.isPattern(/^[ -~]{1,60}$/))),
    elementOf("ana", "auth0|5f7c8ec7", "Zoë 🦉 \"\\", "🦉".repeat(255))
  ),
  (id) => AuthorId.make(id)
)

/** From 1970 to 2100, so that it also is a `Date`. */
export const timestamp = Arbitrary.map(integer(0, 4_102_444_800_000), (millis) => Timestamp.make(millis))

export const traceParent = Arbitrary.schema(
  Schema.NullOr(Schema.String.check(Schema.isPattern(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)))
)

/**
 * What somebody may type: several scripts, graphemes of many code points, what NFC changes, what JSON, SQL and HTML give
 * a meaning to, white space and, now and then, what no comment may contain.
 */
export const typedText = Arbitrary.array(
  oneOf(
    Arbitrary.schema(Schema.String),
    elementOf(" ", "a", "Zz", "é", "e\u0301", "ﬁ", "한", "夕焼け", "שלום", "👩‍👩‍👧‍👦", "🏳️‍🌈", "\u{10FFFF}"),
    elementOf("\n", "\t", "\r\n", "\u00A0", "\u2028", "'; --", "\"", "\\", "\\u0000", "<b>", "${x}", "%s", "\uFEFF"),
    elementOf("word ".repeat(12), "長".repeat(700), "\u0000", "\u001B", "\r", "\uD800")
  ),
  { maxLength: 12 }
).pipe(Arbitrary.map((pieces) => pieces.join("")))

const fallback = CommentText.make("What a light!")

// Mended rather than filtered: a history has many texts, and one that is thrown away takes its whole history with it.
const mended = (typed: string): CommentText =>
  Result.getOrElse(
    parseText(
      typed
        .slice(0, maxGraphemes)
        .toWellFormed()
        .replaceAll(/(?![\n\t])\p{Cc}/gu, "")
    ),
    () => fallback
  )

/** Texts in their stored form, up to the longest ones. */
export const commentText = oneOf(
  Arbitrary.map(
    Arbitrary.array(elementOf("light", "filter", "夕焼け", "👍", "é"), { minLength: 1, maxLength: 12 }),
    (words) => mended(words.join(" "))
  ),
  Arbitrary.map(typedText, mended),
  elementOf(CommentText.make("長".repeat(maxGraphemes)), CommentText.make("\u{10FFFF}".repeat(maxGraphemes)))
)

export const commentPosted = Arbitrary.map(
  Arbitrary.all({ pictureId, authorId, text: commentText }),
  (fields) => CommentEvent.cases.CommentPosted.make(fields)
)
export const commentEdited = Arbitrary.map(commentText, (text) => CommentEvent.cases.CommentEdited.make({ text }))
export const commentDeleted = elementOf(
  CommentEvent.cases.CommentDeleted.make({ by: "author" }),
  CommentEvent.cases.CommentDeleted.make({ by: "moderator" })
)
export const commentEvent = oneOf<CommentEvent>(commentPosted, commentEdited, commentDeleted)

/** Any event by itself, without a history that it would fit into. */
export const recordedEvent = Arbitrary.map(
  Arbitrary.all({
    id: eventId,
    stream: commentId,
    version,
    occurredAt: timestamp,
    actor: authorId,
    commandId,
    fingerprint: oneOf<Fingerprint | null>(elementOf(null), fingerprint),
    correlationId,
    traceParent,
    body: commentEvent
  }),
  (fields) => RecordedEvent.make(fields)
)

const precondition = oneOf<Precondition | null>(
  elementOf(null),
  elementOf(null),
  elementOf(null),
  elementOf(Precondition.cases.AnyVersion.make({})),
  Arbitrary.map(
    Arbitrary.array(
      Arbitrary.map(integer(1, 6), (n) => Version.make(n)),
      { maxLength: 2 }
    ),
    (versions) => Precondition.cases.OneOf.make({ versions })
  )
)

// Few keys and few payloads, so that sequences are full of retries, and of keys used again for something else.
const identity = oneOf<{ readonly commandId: CommandId; readonly fingerprint: Fingerprint | null }>(
  Arbitrary.map(commandId, (commandId) => ({ commandId, fingerprint: null })),
  Arbitrary.map(Arbitrary.all([integer(1, 5), elementOf("aaaaaaaaaaaa", "bbbbbbbbbbbb")]), ([key, payload]) => ({
    commandId: CommandId.make(`00000000-0000-8000-8000-00000000000${key}`),
    fingerprint: Fingerprint.make(payload)
  }))
)

const actor = oneOf<Actor>(
  elementOf(Actor.make({ id: AuthorId.make("ana"), moderator: false })),
  elementOf(Actor.make({ id: AuthorId.make("ana"), moderator: false })),
  elementOf(
    Actor.make({ id: AuthorId.make("bruno"), moderator: false }),
    Actor.make({ id: AuthorId.make("mo"), moderator: true })
  )
)

const asked = (comment: CommentId) =>
  Arbitrary.map(Arbitrary.all([identity, actor, precondition]), ([identity, actor, precondition]) => ({
    ...identity,
    commentId: comment,
    actor,
    precondition
  }))

const wantedText = oneOf(
  elementOf("one", "two"),
  Arbitrary.map(integer(1, 1000), (n) => `text ${n}`)
).pipe(Arbitrary.map((text) => CommentText.make(text)))

/**
 * A command on one comment, by one of few actors, under one of few idempotency keys or none: in a sequence of them posts,
 * edits, deletions, replays, no-ops and every rejection occur.
 */
export const commandOn = (comment: CommentId): Arbitrary.Arbitrary<CommentCommand> =>
  oneOf<CommentCommand>(
    Arbitrary.map(
      Arbitrary.all({ asked: asked(comment), pictureId: elementOf(PictureId.make("sunset-42")), text: wantedText }),
      ({ asked, pictureId, text }) => CommentCommand.cases.PostComment.make({ ...asked, pictureId, text })
    ),
    Arbitrary.map(Arbitrary.all({ asked: asked(comment), text: wantedText }), ({ asked, text }) =>
      CommentCommand.cases.EditComment.make({ ...asked, text })),
    Arbitrary.map(asked(comment), (asked) =>
      CommentCommand.cases.DeleteComment.make(asked))
  )

/** Commands on one comment, in the order in which they are asked. */
export const commandsOn = (comment: CommentId): Arbitrary.Arbitrary<ReadonlyArray<CommentCommand>> =>
  Arbitrary.array(commandOn(comment), { maxLength: 40 })
