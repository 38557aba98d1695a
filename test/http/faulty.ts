import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { CommandContended } from "../../src/commands/Answer.ts"
import { AuthorId, CommentId, PictureId, Version } from "../../src/domain/ids.ts"
import type { Standing } from "../../src/domain/Standing.ts"
import { ReadModelUnavailable } from "../../src/queries/ReadModel.ts"
import { Faults } from "./brittleTarget.ts"
import { edit, tokenOf } from "./comments.ts"
import type { Reply } from "./exchange.ts"
import { newUser } from "./people.ts"
import { commentUrl, countUrl, historyUrl, pageUrl, userUrl } from "./queries.ts"

/** What must never leave the service. */
export const secret = "SELECT * FROM commits at append (/srv/src/events/PostgresEventStore.ts:101:7)"

/** Where the one comment of these tests stands: at a version that the read model has not reached. */
export const standing: Standing = {
  commentId: CommentId.make("0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"),
  version: Version.make(2),
  pictureId: PictureId.make("sunset"),
  authorId: AuthorId.make("ana")
}

export const assertRetryAfter = (reply: Reply) => assert.match(reply.headers["retry-after"] ?? "", /^[1-9]\d*$/)

export const readModelDown = Effect.fail(new ReadModelUnavailable({ cause: new Error(secret) }))

/** A read model of which every look comes to the same end. */
export const brokenReadModel = (end: Effect.Effect<never, ReadModelUnavailable>) => ({
  page: () => end,
  comment: () => end,
  history: () => end,
  counts: () => end,
  positions: () => end
})

/** Every query there is, of a picture and of the comment. */
export const everyQuery = (picture: string): ReadonlyArray<string> => [
  pageUrl(picture, "?order=oldest"),
  countUrl(picture),
  `/comment-counts?pictureId=${picture}`,
  userUrl(newUser()),
  commentUrl(standing.commentId),
  historyUrl(standing.commentId)
]

/** A token that asks for the version that the read model has not reached, out of the answer to a command. */
export const unreached = Effect.gen(function*() {
  const faults = yield* Faults
  faults.command = Effect.fail(new CommandContended({ standing }))
  return tokenOf(yield* edit(standing.commentId, "ana", "text"))
})
