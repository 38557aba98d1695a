import { CommentId, CommitId, Version } from "../../../src/domain/ids.ts"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import { authorOf, usualText } from "../subject/drafts.ts"

/** When comment 0 was posted, in milliseconds since the epoch; each after it a millisecond later. */
export const postedAt = Date.UTC(2026, 0, 1)

const uuid = (kind: number, number: number): string =>
  `0199a8f0-000${kind}-7000-8000-${number.toString(16).padStart(12, "0")}`

/** The id of a comment, by its number. */
export const idOf = (number: number): string => uuid(2, number)

/** The post of a comment on a picture, as it lies in the log. */
export const commitOf = (number: number, pictureId: string, text = usualText(number)): EncodedCommit => ({
  id: CommitId.make(uuid(1, number)),
  stream: CommentId.make(idOf(number)),
  version: Version.make(1),
  lastVersion: Version.make(1),
  events: [{
    id: uuid(3, number),
    type: "CommentPosted",
    schema: 1,
    at: postedAt + number,
    by: authorOf(number),
    command: idOf(number),
    correlation: uuid(4, number),
    data: { pictureId, authorId: authorOf(number), text }
  }],
  snapshot: null
})

/** So many posts on a picture. */
export const commitsOn = (picture: string, count: number): ReadonlyArray<EncodedCommit> =>
  Array.from({ length: count }, (_, number) => commitOf(number, picture))
