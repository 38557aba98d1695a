import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Buffer } from "node:buffer"
import { CommentId, CommitId, Version } from "../domain/ids.ts"
import type { EncodedCommit } from "./Commit.ts"
import { type Attribute, type Attributes, fromAttributes, toAttribute } from "./dynamoAttributes.ts"

// What is packed in a snapshot is binary: as text it would take a third more, and a commit has 1 KB for everything.
const snapshotAttribute = (snapshot: unknown): Attribute => {
  const attribute = toAttribute(snapshot)
  if (!("M" in attribute) || !Predicate.hasProperty(snapshot, "packed")) return attribute
  const { packed } = snapshot
  if (typeof packed !== "string") return attribute
  const bytes = Buffer.from(packed, "base64url")
  if (bytes.toString("base64url") !== packed) return attribute
  return { M: { ...attribute.M, packed: { B: bytes } } }
}

/** The key of the commit whose first event has this version. */
export const commitKey = (
  stream: CommentId,
  version: number
): { readonly stream: Attribute; readonly version: Attribute } => ({
  stream: { S: stream },
  version: { N: String(version) }
})

/** A commit as an item: partition key `stream`, sort key `version`, that of its first event. */
export const commitItem = ({ events, id, lastVersion, snapshot, stream, version }: EncodedCommit): Attributes => ({
  ...commitKey(stream, version),
  id: { S: id },
  last: { N: String(lastVersion) },
  events: { L: events.map(toAttribute) },
  ...(snapshot === null ? {} : { snapshot: snapshotAttribute(snapshot) })
})

const Item = Schema.Struct({
  stream: CommentId,
  version: Version,
  id: CommitId,
  last: Version,
  events: Schema.Array(Schema.Unknown),
  snapshot: Schema.optionalKey(Schema.Unknown)
})
const decodeItem = Schema.decodeUnknownResult(Item)

/**
 * The commit of an item, as the SDK gives it or as a record of the table's stream has it. Its events aren't decoded: one
 * that can't be is for whoever reads it to deal with.
 */
export const decodeCommitItem = (item: unknown): Result.Result<EncodedCommit, Schema.SchemaError> =>
  Result.map(decodeItem(fromAttributes(item)), ({ events, id, last, snapshot = null, stream, version }) => ({
    id,
    stream,
    version,
    lastVersion: last,
    events,
    snapshot
  }))
