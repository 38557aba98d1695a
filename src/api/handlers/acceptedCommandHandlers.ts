import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import type { EntryUndecodable, InboxUnavailable } from "../../commands/CommandInbox.ts"
import { CommandInbox } from "../../commands/CommandInbox.ts"
import { statusOf } from "../../commands/InboxCodec.ts"
import { answerIn, type InboxEntry } from "../../commands/InboxEntry.ts"
import { mayReadOutcome } from "../../domain/permission.ts"
import { actorOf, CurrentCaller } from "../Authentication.ts"
import { CommandApi } from "../CommandApi.ts"
import { encodeConsistencyToken } from "../ConsistencyToken.ts"
import { CommandNotFound, InternalError, type Problem } from "../Problems.ts"
import { commentBody, rejectionOf } from "./commandAnswers.ts"
import { json, noStore, problem, unavailable } from "./respond.ts"

// Not told apart: no such command, and somebody else's.
const notFound = problem(new CommandNotFound({ detail: "You have sent no command of this id, or not lately." }))

const inboxDown = (error: InboxUnavailable | EntryUndecodable) =>
  Effect.andThen(Effect.logError("the inbox can't be read", error), unavailable)

const documentOf = ({ detail, status, title, type }: Problem) => ({ type, title, status, detail })

const undecidable = documentOf(
  new InternalError({ detail: "What happened to the comment before can't be read, so nothing could be decided." })
)

const answer = ({ command, outcome }: InboxEntry): HttpServerResponse => {
  const facts = { id: command.commandId, status: statusOf(outcome) }
  switch (outcome?._tag) {
    case undefined:
      return json(200, facts, { ...noStore, "retry-after": "1" })
    case "Done": {
      const { comment, standing } = answerIn(command, outcome)
      const consistencyToken = encodeConsistencyToken(standing)
      const result = { comment: comment === null ? null : commentBody(comment), consistencyToken }
      return json(200, { ...facts, result }, { ...noStore, "consistency-token": consistencyToken })
    }
    case "Rejected": {
      const { headers, problem } = rejectionOf(command, outcome.rejection)
      return json(200, { ...facts, problem: documentOf(problem) }, { ...noStore, ...headers })
    }
    case "Failed":
      return json(200, { ...facts, problem: undecidable }, noStore)
  }
}

/** Tells whoever sent a command what came of it. */
export const acceptedCommandHandlers = HttpApiBuilder.group(
  CommandApi,
  "acceptedCommands",
  Effect.fnUntraced(function*(handlers) {
    const inbox = yield* CommandInbox
    return handlers.handleRaw(
      "commandStatus",
      Effect.fnUntraced(function*({ params }) {
        const actor = actorOf(yield* CurrentCaller)
        return yield* inbox.find(params.commandId).pipe(
          Effect.flatMap(Effect.fromOption),
          Effect.filterOrFail(({ command }) => mayReadOutcome(actor, command)),
          Effect.map(answer),
          Effect.catchTag("NoSuchElementError", () => notFound),
          Effect.catch(inboxDown)
        )
      })
    )
  })
)
