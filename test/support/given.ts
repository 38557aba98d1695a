import { Result, Schema } from "effect"
import { Actor, CommentCommand, Precondition } from "../../src/domain/CommentCommand.ts"
import { CommentEvent, RecordedEvent } from "../../src/domain/CommentEvent.ts"
import type { CommentState } from "../../src/domain/CommentState.ts"
import { absent } from "../../src/domain/CommentState.ts"
import { CommentText } from "../../src/domain/CommentText.ts"
import type { Decision } from "../../src/domain/decide.ts"
import { decide } from "../../src/domain/decide.ts"
import { evolve } from "../../src/domain/evolve.ts"
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
} from "../../src/domain/ids.ts"
import { Rejection } from "../../src/domain/Rejection.ts"
import type { Standing } from "../../src/domain/Standing.ts"

export const commentId = CommentId.make("0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b")
export const pictureId = PictureId.make("sunset-42")
export const ana = Actor.make({ id: AuthorId.make("ana"), moderator: false })
export const bruno = Actor.make({ id: AuthorId.make("bruno"), moderator: false })
export const mo = Actor.make({ id: AuthorId.make("mo"), moderator: true })

/** What a command is recognised by when it comes again. */
export interface Identity {
  readonly commandId: CommandId
  readonly fingerprint: Fingerprint | null
}

const numbered = (version: 7 | 8, n: number): string =>
  `00000000-0000-${version}000-8000-${n.toString(16).padStart(12, "0")}`

/** A command under an idempotency key, which is a number here. The payload is told by its fingerprint. */
export const underKey = (key: number, payload = "payload-----"): Identity => ({
  commandId: CommandId.make(numbered(8, key)),
  fingerprint: Fingerprint.make(payload)
})

/** The command that posts the comment under a key: it is known by the comment's id. */
export const postedUnderKey = (payload = "payload-----"): Identity => ({
  commandId: CommandId.make(commentId),
  fingerprint: Fingerprint.make(payload)
})

/** A command without a key: its id is like no other. */
export const fresh = (n: number): Identity => ({ commandId: CommandId.make(numbered(7, n)), fingerprint: null })

/** Something that happened to the comment. */
export interface Step {
  readonly body: CommentEvent
  readonly by: Actor
  readonly identity: Identity | undefined
}

const { CommentDeleted, CommentEdited, CommentPosted } = CommentEvent.cases
const text = (typed: string) => CommentText.make(typed)

export const posted = (typed: string, identity?: Identity): Step => ({
  body: CommentPosted.make({ pictureId, authorId: ana.id, text: text(typed) }),
  by: ana,
  identity: identity ?? { ...postedUnderKey(), fingerprint: null }
})
export const edited = (typed: string, identity?: Identity): Step => ({
  body: CommentEdited.make({ text: text(typed) }),
  by: ana,
  identity
})
export const deleted = (identity?: Identity): Step => ({
  body: CommentDeleted.make({ by: "author" }),
  by: ana,
  identity
})

/** The steps as they would stand in the log, a second after each other. */
export const recorded = (steps: ReadonlyArray<Step>): ReadonlyArray<RecordedEvent> =>
  steps.map(({ body, by, identity }, index) =>
    RecordedEvent.make({
      id: EventId.make(numbered(7, 0x1000 + index)),
      stream: commentId,
      version: Version.make(index + 1),
      occurredAt: Timestamp.make(1000 * (index + 1)),
      actor: by.id,
      ...(identity ?? fresh(index + 1)),
      correlationId: CorrelationId.make("a-request"),
      traceParent: null,
      body
    })
  )

/** Who asks, under which key and condition. Ana, without either, where nothing else is said. */
export interface Asked {
  readonly as?: Actor
  readonly identity?: Identity
  readonly ifMatch?: Precondition
}

export const anyVersion: Precondition = Precondition.cases.AnyVersion.make({})
export const versions = (...versions: ReadonlyArray<number>): Precondition =>
  Precondition.cases.OneOf.make({ versions: versions.map((version) => Version.make(version)) })

const asked = ({ as = ana, identity = fresh(0xffff), ifMatch }: Asked) => ({
  commentId,
  ...identity,
  actor: as,
  precondition: ifMatch ?? null
})

export const post = (typed: string, how: Asked = {}): CommentCommand =>
  CommentCommand.cases.PostComment.make({
    ...asked({ identity: { ...postedUnderKey(), fingerprint: null }, ...how }),
    pictureId,
    text: text(typed)
  })
export const edit = (typed: string, how: Asked = {}): CommentCommand =>
  CommentCommand.cases.EditComment.make({ ...asked(how), text: text(typed) })
export const remove = (how: Asked = {}): CommentCommand => CommentCommand.cases.DeleteComment.make(asked(how))

const asPlainObject = Schema.encodeSync(Rejection)

/** What comes of a command, as a plain object: a decision or a rejection. */
export type Outcome = Decision | typeof Rejection.Encoded

/** What comes of a command in a state. */
export const decided = (state: CommentState, command: CommentCommand): Outcome =>
  Result.getOrElse(Result.mapError(decide(state, command), asPlainObject), (rejection) => rejection)

/** A comment to which some steps happened, and what comes of a command on it. */
export const given = (...steps: ReadonlyArray<Step>) => {
  const state = recorded(steps).reduce(evolve, absent)
  return { state, when: (command: CommentCommand): Outcome => decided(state, command) }
}

/** Where Ana's comment stands at a version. */
export const standingAt = (version: number): Standing => ({ commentId, version, pictureId, authorId: ana.id })

export const accepted = (body: CommentEvent): Outcome => ({ _tag: "Accepted", events: [body] })
export const unchanged: Outcome = { _tag: "Unchanged" }
export const replayed = (version: number): Outcome => ({ _tag: "Replayed", version: Version.make(version) })
export const notFound: Outcome = { _tag: "CommentNotFound", commentId }
export const gone = (version: number): Outcome => ({ _tag: "CommentGone", standing: standingAt(version) })
export const notTheAuthor: Outcome = { _tag: "NotTheAuthor", commentId }
export const mismatch = (version: number): Outcome => ({ _tag: "VersionMismatch", standing: standingAt(version) })
export const keyReused: Outcome = { _tag: "IdempotencyKeyReused", commentId }
