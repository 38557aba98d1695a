import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { Answer, CommandContended, CommentAtVersion } from "../../commands/Answer.ts"
import type { Accepted } from "../../commands/CommandAcceptance.ts"
import type { EntryUndecodable, InboxUnavailable } from "../../commands/CommandInbox.ts"
import type { CommentCommand } from "../../domain/CommentCommand.ts"
import type { Rejection } from "../../domain/Rejection.ts"
import type { Standing } from "../../domain/Standing.ts"
import type { CommitUndecodable, EventStoreUnavailable } from "../../events/EventStore.ts"
import { encodeConsistencyToken } from "../ConsistencyToken.ts"
import { respondAsync } from "../Prefer.ts"
import * as Problems from "../Problems.ts"
import { json, noStore, outcomeUnknown, problem, unavailable } from "./respond.ts"

const instant = (milliseconds: number): string => DateTime.formatIso(DateTime.makeUnsafe(milliseconds))

/** A comment on the wire. */
export const commentBody = (comment: CommentAtVersion) => ({
  id: comment.id,
  pictureId: comment.pictureId,
  authorId: comment.authorId,
  text: comment.text,
  version: comment.version,
  createdAt: instant(comment.createdAt),
  editedAt: comment.editedAt === null ? null : instant(comment.editedAt)
})

/** What a command that wasn't rejected is answered with. */
export const answered = (command: CommentCommand, answer: Answer): HttpServerResponse.HttpServerResponse => {
  const { comment, outcome, standing } = answer
  const headers: Record<string, string> = { ...noStore, "consistency-token": encodeConsistencyToken(standing) }
  if (outcome === "replayed") headers["idempotency-replayed"] = "true"
  if (comment === null) return HttpServerResponse.empty({ status: 204, headers })
  headers["etag"] = `"${comment.version}"`
  if (command._tag !== "PostComment") return json(200, commentBody(comment), headers)
  headers["location"] = `/comments/${comment.id}`
  return json(201, commentBody(comment), headers)
}

/** What a command is answered with that was accepted to be decided later. */
export const acceptedAnswer = ({ id, replayed }: Accepted): HttpServerResponse.HttpServerResponse =>
  json(202, { id, status: "pending" }, {
    ...noStore,
    location: `/commands/${id}`,
    "preference-applied": respondAsync,
    "retry-after": "1",
    ...(replayed ? { "idempotency-replayed": "true" } : {})
  })

const tokenOf = (standing: Standing) => ({ "consistency-token": encodeConsistencyToken(standing) })

/** The problem that a rejection is to whoever sent the command, and the headers that go with it. */
export const rejectionOf = (
  command: CommentCommand,
  rejection: Rejection
): { readonly problem: Problems.Problem; readonly headers: Readonly<Record<string, string>> } => {
  switch (rejection._tag) {
    case "CommentNotFound":
      return {
        problem: new Problems.CommentNotFound({ detail: "No comment was ever posted under this id." }),
        headers: {}
      }
    case "CommentGone":
      return {
        problem: new Problems.CommentDeleted({ detail: "A deleted comment can't be edited." }),
        headers: tokenOf(rejection.standing)
      }
    case "NotTheAuthor":
      return {
        problem: new Problems.NotTheAuthor({
          detail: command._tag === "DeleteComment"
            ? "Only its author or a moderator may delete a comment."
            : "Only its author may edit a comment."
        }),
        headers: {}
      }
    case "VersionMismatch":
      return {
        problem: new Problems.VersionMismatch({
          detail: rejection.standing.version === 0
            ? "There is no comment yet, so it is at no version."
            : `The comment is at version ${rejection.standing.version}.`
        }),
        headers: tokenOf(rejection.standing)
      }
    case "IdempotencyKeyReused":
      return {
        problem: new Problems.IdempotencyKeyReused({
          detail: "Use a fresh key for every request that isn't a retry of another."
        }),
        headers: {}
      }
  }
}

type Undecided =
  | CommandContended
  | EventStoreUnavailable
  | CommitUndecodable
  | InboxUnavailable
  | EntryUndecodable

/** What a command is answered with that was rejected, or that couldn't be decided or accepted. */
export const refused = (
  command: CommentCommand,
  error: Rejection | Undecided
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  switch (error._tag) {
    case "CommandContended":
      return problem(
        new Problems.TooMuchContention({
          detail: "Others kept changing the comment meanwhile. Nothing was changed by this request; try again."
        }),
        { ...tokenOf(error.standing), "retry-after": "1" }
      )
    case "EventStoreUnavailable":
      return Effect.andThen(
        Effect.logError("the event store can't be reached", error),
        error.outcome === "unknown" ? outcomeUnknown : unavailable
      )
    case "InboxUnavailable":
      return Effect.andThen(
        Effect.logError("the inbox can't be reached", error),
        error.outcome === "unknown" ? outcomeUnknown : unavailable
      )
    case "CommitUndecodable":
    case "EntryUndecodable":
      return Effect.andThen(Effect.logError("a command couldn't be decided", error), unavailable)
    default: {
      const rejection = rejectionOf(command, error)
      return problem(rejection.problem, rejection.headers)
    }
  }
}
