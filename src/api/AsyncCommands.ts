import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { CommandId } from "../domain/ids.ts"
import { Authentication } from "./Authentication.ts"
import { Comment } from "./Comment.ts"
import { CommandNotFound, InternalError, MalformedRequest, ServiceUnavailable, TooManyRequests } from "./Problems.ts"
import { Parameters } from "./RequestRules.ts"

/** What a command is answered with that was accepted to be decided later. */
export const AcceptedCommand = Schema.Struct({
  id: CommandId,
  status: Schema.Literal("pending")
}).annotate({ identifier: "AcceptedCommand", description: "A command that is stored, and will be decided." })

/** The 202 of a command that was sent with `Prefer: respond-async`. */
export const AcceptedAnswer = HttpApiSchema.WithHeaders(AcceptedCommand.pipe(HttpApiSchema.status(202)), {
  "cache-control": Schema.Literal("no-store"),
  location: Schema.String,
  "preference-applied": Schema.String,
  "retry-after": Schema.optionalKey(Schema.String),
  "idempotency-replayed": Schema.optionalKey(Schema.String)
})

/** The problem that a command would have been answered with, had it been waited for. */
const ProblemDocument = Schema.Struct({
  type: Schema.String,
  title: Schema.String,
  status: Schema.Int.check(Schema.isBetween({ minimum: 400, maximum: 599 })),
  detail: Schema.String
}).annotate({
  identifier: "ProblemDocument",
  description: "The problem that the command would have been answered with, had it been waited for."
})

/** Where an accepted command stands, and what came of it. */
export const CommandStatus = Schema.Struct({
  id: CommandId,
  status: Schema.Literals(["pending", "done", "rejected", "failed"]),
  /** Of what is done: the comment as the command left it, null for one that it deleted, and the token to see it by. */
  result: Schema.optionalKey(
    Schema.Struct({ comment: Schema.NullOr(Comment), consistencyToken: Schema.String })
  ),
  /** Of what was rejected or has failed. */
  problem: Schema.optionalKey(ProblemDocument)
}).annotate({
  identifier: "CommandStatus",
  description:
    "Where an accepted command stands. `result` is there once it is done: the comment as the command left it (null for one that it deleted), and the token to see it by. `problem` is there once it was rejected or has failed."
})
export type CommandStatus = typeof CommandStatus.Type

/** A command's id in a path: any UUID; upper case is understood as lower case. */
const CommandIdInPath = Schema.String.check(
  Schema.isPattern(/^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$/u, { message: "a UUID" })
).annotate({ description: "The command's id, as the 202's Location has it." }).pipe(
  Schema.decodeTo(CommandId, SchemaTransformation.toLowerCase())
)

/** Where to look for what came of a command. */
export class AcceptedCommandsGroup extends HttpApiGroup.make("acceptedCommands")
  .add(
    HttpApiEndpoint.get("commandStatus", "/commands/:commandId", {
      params: { commandId: CommandIdInPath },
      success: HttpApiSchema.WithHeaders(CommandStatus, {
        "cache-control": Schema.Literal("no-store"),
        "consistency-token": Schema.optionalKey(Schema.String),
        "retry-after": Schema.optionalKey(Schema.String)
      }),
      error: [MalformedRequest, CommandNotFound, TooManyRequests, InternalError, ServiceUnavailable]
    })
      .middleware(Parameters)
      .annotate(OpenApi.Summary, "What came of a command that was sent with Prefer: respond-async, for its sender")
      .annotate(
        OpenApi.Description,
        "Any valid token of the sender will do, whatever its scopes. Ask again after Retry-After while the command is pending. An unknown command and somebody else's aren't told apart."
      )
  )
  .middleware(Authentication)
  .annotate(
    OpenApi.Description,
    "Commands that are decided later, for those who prefer so. They are kept for 7 days from their acceptance."
  )
{}
