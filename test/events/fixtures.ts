import { Schema } from "effect"
import { readFileSync } from "node:fs"
import { RecordedEvent } from "../../src/domain/CommentEvent.ts"
import { CommentState } from "../../src/domain/CommentState.ts"
import { CommentId, CommitId, Version } from "../../src/domain/ids.ts"

const encoded = Schema.Struct({
  id: CommitId,
  stream: CommentId,
  version: Version,
  lastVersion: Version,
  events: Schema.Array(Schema.Unknown),
  snapshot: Schema.Unknown
})

const EventFixtures = Schema.Array(
  Schema.Struct({
    encoded,
    decoded: Schema.Struct({ id: CommitId, stream: CommentId, events: Schema.NonEmptyArray(RecordedEvent) })
  })
)

const SnapshotFixtures = Schema.Array(Schema.Struct({ encoded, decoded: CommentState }))

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8"))

/** Commits as they were written under a schema number, and what they have to be read as for ever. */
export const eventFixtures = (schema: number) => Schema.decodeUnknownSync(EventFixtures)(read(`events-v${schema}.json`))

/** Commits with snapshots as they were written under a schema number, and the states that these have to be read as. */
export const snapshotFixtures = (schema: number) =>
  Schema.decodeUnknownSync(SnapshotFixtures)(read(`snapshots-v${schema}.json`))
