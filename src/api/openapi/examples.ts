import type { AcceptedCommand, CommandStatus } from "../AsyncCommands.ts"
import type { CommentDraft } from "../CommandApi.ts"
import type { Comment, CommentHistory, CommentPage, PictureCount, PictureCounts } from "../Comment.ts"
import type { DevelopmentToken, DevelopmentTokenRequest } from "../DevelopmentTokenApi.ts"
import type { Checks, Liveness } from "./ServedApi.ts"

// What bodies look like, by the schema that they have. The picture, the user, the times and the ids are the same all over.

export const commentExample: typeof Comment.Encoded = {
  id: "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
  pictureId: "sunset-42",
  authorId: "ana",
  text: "What a light! Did you use a filter?",
  version: 3,
  createdAt: "2026-11-23T10:00:00.000Z",
  editedAt: "2026-11-23T10:05:00.000Z"
}

/** A token that concerns the comment at its version. */
export const tokenExample = "AQGZqPAcLX4_iktcbX6PmgsAAAADWKZIRBQpyoU"

const page: typeof CommentPage.Encoded = {
  items: [commentExample],
  nextCursor: "AUwPKO0sScE_AAABogfZIQABmajwHC1-P4pLXG1-j5oL",
  count: 21
}

const draft: typeof CommentDraft.Encoded = { text: commentExample.text }

const accepted: typeof AcceptedCommand.Encoded = { id: "0199a8f0-2d3e-7f40-8b5c-6d7e8f9a0b1c", status: "pending" }

const status: typeof CommandStatus.Encoded = {
  ...accepted,
  status: "done",
  result: { comment: commentExample, consistencyToken: tokenExample }
}

const history: typeof CommentHistory.Encoded = {
  items: [
    { version: 1, type: "CommentPosted", at: commentExample.createdAt, text: "What a light!" },
    { version: 2, type: "CommentEdited", at: "2026-11-23T10:05:00.000Z", text: commentExample.text },
    { version: 3, type: "CommentDeleted", at: "2026-11-23T11:00:00.000Z" }
  ]
}

const count: typeof PictureCount.Encoded = { pictureId: "sunset-42", count: 21 }

const counts: typeof PictureCounts.Encoded = { items: [count, { pictureId: "harbour-7", count: 0 }] }

const tokenRequest: typeof DevelopmentTokenRequest.Encoded = { sub: "ana", scope: "comments:write" }

const token: typeof DevelopmentToken.Encoded = { token: "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2lnbmF0dXJl" }

const live: typeof Liveness.Encoded = { status: "live" }

const checks: typeof Checks.Encoded = { checks: { postgres: "up" } }

/** An example of each body that isn't a problem, by the name of its schema. */
export const bodyExamples: Readonly<Record<string, unknown>> = {
  AcceptedCommand: accepted,
  Checks: checks,
  CommandStatus: status,
  Comment: commentExample,
  CommentDraft: draft,
  CommentHistory: history,
  CommentPage: page,
  DevelopmentToken: token,
  DevelopmentTokenRequest: tokenRequest,
  Liveness: live,
  OpenApiDocument: { openapi: "3.1.0", info: { title: "Marginalia", version: "0.1.0" }, paths: {} },
  PictureCount: count,
  PictureCounts: counts
}

/** An example of each body that has no schema of a name, by its media type. */
export const textExamples: Readonly<Record<string, string>> = {
  "text/html": "<!doctype html>\n<html lang=\"en\">\n<title>There never was such a comment</title>\n</html>\n",
  "text/plain": "# TYPE http_requests_total counter\nhttp_requests_total 42\n"
}
