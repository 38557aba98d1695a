import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { CommentId, CommitId, Version } from "../domain/ids.ts"
import type { EncodedCommit } from "./Commit.ts"
import { fromAttributes } from "./dynamoAttributes.ts"
import { decodeCommitItem } from "./dynamoCommits.ts"

const decodePlace = Schema.decodeUnknownResult(Schema.Struct({ stream: CommentId, version: Version }))

const nobodys = CommitId.make("00000000-0000-0000-0000-000000000000")

/**
 * The commit of an item, or, where the item isn't one but its place in a stream can still be read, a commit at that place
 * of which no event can be decoded: so it isn't passed over, and whoever projects it parks the stream there. It keeps the
 * item for whoever looks why. Fails for an item that has no place in any stream.
 */
export const salvageCommit = (item: unknown): Result.Result<EncodedCommit, Schema.SchemaError> => {
  const decoded = decodeCommitItem(item)
  if (Result.isSuccess(decoded) && decoded.success.lastVersion >= decoded.success.version) return decoded
  const damaged = fromAttributes(item)
  return Result.map(decodePlace(damaged), ({ stream, version }) => ({
    id: nobodys,
    stream,
    version,
    lastVersion: version,
    events: [{ damaged }],
    snapshot: null
  }))
}
