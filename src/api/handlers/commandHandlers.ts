import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { CommandAcceptance } from "../../commands/CommandAcceptance.ts"
import { CommandHandler } from "../../commands/CommandHandler.ts"
import type { Asking } from "../../commands/identify.ts"
import { identifyDelete, identifyEdit, identifyPost } from "../../commands/identify.ts"
import type { CommentCommand, Precondition } from "../../domain/CommentCommand.ts"
import { CorrelationId, Version } from "../../domain/ids.ts"
import { actorOf, CurrentCaller } from "../Authentication.ts"
import { CommandApi } from "../CommandApi.ts"
import { parseEntityTags } from "../EntityTag.ts"
import { prefersAsync } from "../Prefer.ts"
import { MalformedRequest } from "../Problems.ts"
import { acceptedCommandHandlers } from "./acceptedCommandHandlers.ts"
import { acceptedAnswer, answered, refused } from "./commandAnswers.ts"
import { readDraft } from "./commentDraft.ts"
import { CurrentRequest } from "./CurrentRequest.ts"
import { problem } from "./respond.ts"

const isVersion = Schema.is(Version)
const decodeCorrelation = Schema.decodeUnknownEffect(CorrelationId)

const malformedIfMatch = problem(
  new MalformedRequest({
    detail: "A header isn't as it should be.",
    errors: [{ pointer: "if-match", detail: "must be * or a list of entity tags, as in RFC 9110" }]
  })
)

// A weak tag never matches (RFC 9110, section 13.1.1), nor does one that no version of a comment ever had.
const parsePrecondition = (header: string | undefined): Effect.Effect<Precondition | null, HttpServerResponse> => {
  if (header === undefined) return Effect.succeed(null)
  const parsed = parseEntityTags(header)
  if (Result.isFailure(parsed)) return Effect.flip(malformedIfMatch)
  if (parsed.success._tag === "Any") return Effect.succeed({ _tag: "AnyVersion" })
  return Effect.succeed({
    _tag: "OneOf",
    versions: parsed.success.tags
      .filter(({ opaque, weak }) => !weak && /^[1-9]\d{0,9}$/.test(opaque))
      .map(({ opaque }) => Number(opaque))
      .filter(isVersion)
  })
}

interface CommandHeaders {
  readonly "idempotency-key"?: string
  readonly "if-match"?: string
  readonly prefer?: string
}

const askingOf = Effect.fnUntraced(function*(headers: CommandHeaders) {
  const asking: Asking = {
    actor: actorOf(yield* CurrentCaller),
    idempotencyKey: headers["idempotency-key"] ?? null,
    precondition: yield* parsePrecondition(headers["if-match"])
  }
  return asking
})

// What was refused before there was a command arrives here as the answer that it is.
const respond = <R>(answer: Effect.Effect<HttpServerResponse, HttpServerResponse, R>) =>
  Effect.catch(answer, Effect.succeed)

const changingHandlers = HttpApiBuilder.group(
  CommandApi,
  "commands",
  Effect.fnUntraced(function*(handlers) {
    const commands = yield* CommandHandler
    const acceptance = yield* CommandAcceptance
    const random = yield* SecureRandom.SecureRandom

    const run = Effect.fnUntraced(function*(command: CommentCommand, headers: CommandHeaders) {
      const { id, traceParent } = yield* CurrentRequest
      const origin = { correlationId: yield* Effect.orDie(decodeCorrelation(id)), traceParent }
      if (prefersAsync(headers.prefer)) {
        return yield* acceptance.accept(command, origin).pipe(
          Effect.map(acceptedAnswer),
          Effect.catch((error) => refused(command, error))
        )
      }
      return yield* commands.handle(command, origin).pipe(
        Effect.map((answer) => answered(command, answer)),
        Effect.catch((error) => refused(command, error))
      )
    })

    const identified = <R>(
      headers: CommandHeaders,
      command: Effect.Effect<CommentCommand, HttpServerResponse, R | SecureRandom.SecureRandom>
    ) =>
      respond(
        Effect.flatMap(
          Effect.provideService(command, SecureRandom.SecureRandom, random),
          (command) => run(command, headers)
        )
      )

    return handlers
      .handleRaw("postComment", ({ headers, params }) =>
        identified(
          headers,
          Effect.gen(function*() {
            const asking = yield* askingOf(headers)
            const text = yield* readDraft
            return yield* identifyPost(asking, params.pictureId, text)
          })
        ), { uninterruptible: true })
      .handleRaw("editComment", ({ headers, params }) =>
        identified(
          headers,
          Effect.gen(function*() {
            const asking = yield* askingOf(headers)
            const text = yield* readDraft
            return yield* identifyEdit(asking, params.commentId, text)
          })
        ), { uninterruptible: true })
      .handleRaw("deleteComment", ({ headers, params }) =>
        identified(
          headers,
          Effect.gen(function*() {
            const asking = yield* askingOf(headers)
            return yield* identifyDelete(asking, params.commentId)
          })
        ), { uninterruptible: true })
  })
)

/** The routes of the command service. A command that has begun is finished, whether or not its client still listens. */
export const commandHandlers = Layer.merge(changingHandlers, acceptedCommandHandlers)
