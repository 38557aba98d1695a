import * as Arr from "effect/Array"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { CommentEvent, CommentEventType, RecordedEvent } from "../domain/CommentEvent.ts"
import type { CommentId } from "../domain/ids.ts"
import {
  AuthorId,
  CommandId,
  CorrelationId,
  EventId,
  Fingerprint,
  PictureId,
  Timestamp,
  Version
} from "../domain/ids.ts"
import type { Commit, EncodedCommit } from "./Commit.ts"
import { CommitUndecodable } from "./EventStore.ts"
import { StoredText } from "./internal/storedText.ts"
import { currentSchema, type StoredData, type Upcasters, upcasters } from "./upcasters.ts"

/**
 * An event as it lies in the log, as JSON. Its stream and version aren't in it, for they follow from the commit's place,
 * and what there isn't is left out: most events stay below 350 bytes.
 */
export const StoredEvent = Schema.Struct({
  id: EventId,
  type: Schema.String,
  /** Of `data`. Each type counts its own. */
  schema: Schema.Int,
  at: Timestamp,
  by: AuthorId,
  command: CommandId,
  fingerprint: Schema.optionalKey(Fingerprint),
  correlation: CorrelationId,
  trace: Schema.optionalKey(Schema.String),
  data: Schema.Record(Schema.String, Schema.Unknown)
})
export type StoredEvent = typeof StoredEvent.Type

// What `data` looks like under the current schema number of each type. Properties that aren't named here are passed over.
const StoredBody = Schema.TaggedUnion({
  CommentPosted: { pictureId: PictureId, authorId: AuthorId, text: StoredText },
  CommentEdited: { text: StoredText },
  CommentDeleted: { by: Schema.Literals(["author", "moderator"]) }
})

const decodeStored = Schema.decodeUnknownResult(StoredEvent)
const decodeBody: (body: unknown) => Result.Result<CommentEvent, Schema.SchemaError> = Schema.decodeUnknownResult(
  StoredBody
)

const isKnown = (type: string, upcasters: Upcasters): type is CommentEventType => Object.hasOwn(upcasters, type)

/** The event's data under its current schema number, or a sentence that says why there is none. */
const lifted = ({ data, schema, type }: StoredEvent, upcasters: Upcasters): Result.Result<StoredData, string> => {
  if (!isKnown(type, upcasters)) return Result.fail(`the event type ${JSON.stringify(type)} is unknown`)
  const current = currentSchema(upcasters, type)
  return schema < 1 || schema > current
    ? Result.fail(`${type} has schema ${schema}, and only those from 1 to ${current} are known`)
    : Result.succeed(upcasters[type].slice(schema - 1).reduce((data, lift) => lift(data), data))
}

const inOneLine = ({ message }: Schema.SchemaError): string => message.replaceAll(/\s*\n\s*/g, " ")

const decodeEvent = (
  raw: unknown,
  stream: CommentId,
  version: Version,
  upcasters: Upcasters
): Result.Result<RecordedEvent, string> => {
  const stored = decodeStored(raw)
  if (Result.isFailure(stored)) return Result.fail(inOneLine(stored.failure))
  const { at, by, command, correlation, fingerprint, id, schema, trace, type } = stored.success
  const data = lifted(stored.success, upcasters)
  if (Result.isFailure(data)) return Result.fail(data.failure)
  const body = decodeBody({ ...data.success, _tag: type })
  if (Result.isFailure(body)) return Result.fail(`${type} of schema ${schema}: ${inOneLine(body.failure)}`)
  return Result.succeed({
    id,
    stream,
    version,
    occurredAt: at,
    actor: by,
    commandId: command,
    fingerprint: fingerprint ?? null,
    correlationId: correlation,
    traceParent: trace ?? null,
    body: body.success
  })
}

const encodeEvent = (event: RecordedEvent, upcasters: Upcasters): StoredEvent => {
  const { _tag: type, ...data } = event.body
  return {
    id: event.id,
    type,
    schema: currentSchema(upcasters, type),
    at: event.occurredAt,
    by: event.actor,
    command: event.commandId,
    ...(event.fingerprint === null ? {} : { fingerprint: event.fingerprint }),
    correlation: event.correlationId,
    ...(event.traceParent === null ? {} : { trace: event.traceParent }),
    data
  }
}

const decode = (encoded: EncodedCommit, upcasters: Upcasters): Result.Result<Commit, CommitUndecodable> => {
  const { events: raw, id, lastVersion, stream, version } = encoded
  const undecodable = (version: Version, reason: string) =>
    Result.fail(new CommitUndecodable({ stream, version, reason }))
  if (raw.length !== lastVersion - version + 1) {
    return undecodable(version, `${raw.length} events stand for the versions ${version} to ${lastVersion}`)
  }
  const events: Array<RecordedEvent> = []
  for (const one of raw) {
    const place = Version.make(version + events.length)
    const event = decodeEvent(one, stream, place, upcasters)
    if (Result.isFailure(event)) return undecodable(place, event.failure)
    events.push(event.success)
  }
  return Arr.isReadonlyArrayNonEmpty(events)
    ? Result.succeed({ id, stream, events })
    : undecodable(version, "the commit holds no events")
}

/** A commit as it lies in the log, with its events under the schema numbers of a table. */
export interface EncodedEvents extends EncodedCommit {
  readonly events: Arr.NonEmptyReadonlyArray<StoredEvent>
}

const encode = (commit: Commit, upcasters: Upcasters): EncodedEvents => ({
  id: commit.id,
  stream: commit.stream,
  version: commit.events[0].version,
  lastVersion: Arr.lastNonEmpty(commit.events).version,
  events: Arr.map(commit.events, (event) => encodeEvent(event, upcasters)),
  snapshot: null
})

/** The codec for a table of upcasters. The log's own is below: another is good for showing what a table does. */
export const commitCodec = (upcasters: Upcasters) => ({
  encodeCommit: (commit: Commit): EncodedEvents => encode(commit, upcasters),
  decodeCommit: (encoded: EncodedCommit): Result.Result<Commit, CommitUndecodable> => decode(encoded, upcasters)
})

const codec = commitCodec(upcasters)

/** A commit as it lies in the log, without a snapshot: those are the store's affair. */
export const encodeCommit: (commit: Commit) => EncodedEvents = codec.encodeCommit

/**
 * A commit out of the log, with its events lifted to their current schema numbers. Fails at the first event of an unknown
 * type, of a schema number that this version doesn't know yet, or of a wrong shape; the reason names it, and tells nothing
 * of what people wrote.
 */
export const decodeCommit: (encoded: EncodedCommit) => Result.Result<Commit, CommitUndecodable> = codec.decodeCommit
