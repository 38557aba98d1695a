import * as Effect from "effect/Effect"
import * as HttpClientError from "effect/http/HttpClientError"
import * as Predicate from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { BearerToken, decidedAtOnce, MarginaliaClient } from "../../api/MarginaliaClient.ts"
import type { AuthorId, CommentId } from "../../domain/ids.ts"
import type { NumberedOperation } from "./Operation.ts"
import { isUnanswered, ServerUnreachable } from "./ServerUnreachable.ts"
import type { TokenRefused } from "./tokens.ts"

/** The comment that an operation changes was not posted, because its own operation was refused. */
class NotPosted extends Schema.TaggedError<NotPosted>()("NotPosted", { message: Schema.String }) {}

/** What came of one operation. */
export type Sent =
  | { readonly _tag: "Done"; readonly replayed: boolean }
  | { readonly _tag: "Refused"; readonly line: number; readonly reason: string }

/** How long one operation is tried again while the server is busy, restarting or out of reach. */
const patience = "30 seconds"

const retrySchedule = Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("2 seconds")]).pipe(
  Schedule.jittered,
  Schedule.upTo({ duration: patience })
)

const busy = new Set<unknown>([408, 409, 425, 429, 500, 502, 503, 504])

// A request under an idempotency key may always be sent again, so whatever might pass is tried again.
const mayPass = (error: unknown): boolean =>
  Predicate.isTagged(error, "TokenRefused") || Predicate.isTagged(error, "ServerUnreachable") ||
  (HttpClientError.isHttpClientError(error)
    ? error.response === undefined || busy.has(error.response.status)
    : Predicate.hasProperty(error, "status") && busy.has(error.status))

const reasonOf = (error: unknown): string =>
  Predicate.hasProperty(error, "errors") && Array.isArray(error.errors) && error.errors.length > 0
    ? error.errors.map((fault) => `${fault.pointer} ${fault.detail}`).join("; ")
    : error instanceof Error
    ? error.message
    : String(error)

/**
 * Sends one operation, under an idempotency key made from the file's digest and the line: a file that was cut off may be
 * sent again from the start, and what was done is recognised. Fails when nobody answers any more, whatever is still to do.
 */
export const makeSend = (
  url: string,
  fileDigest: string,
  tokenFor: (author: AuthorId) => Effect.Effect<Redacted.Redacted, TokenRefused | ServerUnreachable>
) => {
  const ids = new Map<string, CommentId>()

  const attempt = Effect.fnUntraced(function*({ line, operation }: NumberedOperation) {
    const client = yield* MarginaliaClient
    const headers = { "idempotency-key": `${fileDigest}-${line}` }
    if (operation.op === "post") {
      const answer = yield* decidedAtOnce(client.commands.postComment({
        params: { pictureId: operation.picture },
        headers,
        payload: { text: operation.text }
      }))
      ids.set(operation.ref, answer.body.id)
      return answer.headers["idempotency-replayed"] === "true"
    }
    const commentId = ids.get(operation.ref)
    if (commentId === undefined) return yield* new NotPosted({ message: `${operation.ref} was not posted` })
    const answer = operation.op === "edit"
      ? yield* client.commands.editComment({ params: { commentId }, headers, payload: { text: operation.text } })
      : yield* client.commands.deleteComment({ params: { commentId }, headers })
    return answer.headers["idempotency-replayed"] === "true"
  })

  return Effect.fnUntraced(function*(numbered: NumberedOperation) {
    return yield* Effect.flatMap(
      tokenFor(numbered.operation.author),
      (token) => Effect.provideService(attempt(numbered), BearerToken, token)
    ).pipe(
      Effect.retry({ schedule: retrySchedule, while: mayPass }),
      Effect.matchEffect({
        onFailure: (error): Effect.Effect<Sent, ServerUnreachable> =>
          isUnanswered(error) || Predicate.isTagged(error, "ServerUnreachable")
            ? Effect.fail(new ServerUnreachable({ url }))
            : Effect.succeed({ _tag: "Refused", line: numbered.line, reason: reasonOf(error) }),
        onSuccess: (replayed): Effect.Effect<Sent> => Effect.succeed({ _tag: "Done", replayed })
      })
    )
  })
}
