import * as HttpApiError from "effect/http-api/HttpApiError"
import * as Schema from "effect/Schema"

/** One thing that is wrong with a request: where (a JSON pointer into the body, or the name of a parameter or header) and what. */
export const Fault = Schema.Struct({ pointer: Schema.String, detail: Schema.String })
export type Fault = typeof Fault.Type

const faults = { errors: Schema.Array(Fault) }

export class MalformedRequest extends HttpApiError.Problem<MalformedRequest>()("MalformedRequest", {
  type: "/problems/malformed-request",
  status: 400,
  title: "The request can't be read"
}, faults) {}

export class Unauthorized extends HttpApiError.Problem<Unauthorized>()("Unauthorized", {
  type: "/problems/unauthorized",
  status: 401,
  title: "A valid bearer token is needed"
}) {}

export class InsufficientScope extends HttpApiError.Problem<InsufficientScope>()("InsufficientScope", {
  type: "/problems/insufficient-scope",
  status: 403,
  title: "The token doesn't allow this"
}) {}

export class NotTheAuthor extends HttpApiError.Problem<NotTheAuthor>()("NotTheAuthorProblem", {
  type: "/problems/not-the-author",
  status: 403,
  title: "The comment is somebody else's"
}) {}

export class RouteNotFound extends HttpApiError.Problem<RouteNotFound>()("RouteNotFound", {
  type: "/problems/route-not-found",
  status: 404,
  title: "There is nothing at this address"
}) {}

export class CommentNotFound extends HttpApiError.Problem<CommentNotFound>()("CommentNotFoundProblem", {
  type: "/problems/comment-not-found",
  status: 404,
  title: "There never was such a comment"
}) {}

export class CommandNotFound extends HttpApiError.Problem<CommandNotFound>()("CommandNotFoundProblem", {
  type: "/problems/command-not-found",
  status: 404,
  title: "There is no such command"
}) {}

export class MethodNotAllowed extends HttpApiError.Problem<MethodNotAllowed>()("MethodNotAllowed", {
  type: "/problems/method-not-allowed",
  status: 405,
  title: "This address doesn't know the method"
}) {}

export class TooMuchContention extends HttpApiError.Problem<TooMuchContention>()("TooMuchContention", {
  type: "/problems/too-much-contention",
  status: 409,
  title: "Too many changes at once"
}) {}

export class CommentDeleted extends HttpApiError.Problem<CommentDeleted>()("CommentDeletedProblem", {
  type: "/problems/comment-deleted",
  status: 410,
  title: "The comment has been deleted"
}) {}

export class VersionMismatch extends HttpApiError.Problem<VersionMismatch>()("VersionMismatchProblem", {
  type: "/problems/version-mismatch",
  status: 412,
  title: "The comment is at another version"
}) {}

export class ContentTooLarge extends HttpApiError.Problem<ContentTooLarge>()("ContentTooLarge", {
  type: "/problems/content-too-large",
  status: 413,
  title: "The request body is too large"
}) {}

export class UnsupportedMediaType extends HttpApiError.Problem<UnsupportedMediaType>()("UnsupportedMediaType", {
  type: "/problems/unsupported-media-type",
  status: 415,
  title: "The request body must be JSON"
}) {}

export class InvalidRequest extends HttpApiError.Problem<InvalidRequest>()("InvalidRequest", {
  type: "/problems/invalid-request",
  status: 422,
  title: "The request breaks a rule"
}, faults) {}

export class IdempotencyKeyReused extends HttpApiError.Problem<IdempotencyKeyReused>()("IdempotencyKeyReusedProblem", {
  type: "/problems/idempotency-key-reused",
  status: 422,
  title: "The idempotency key has been used for another request"
}) {}

/** The caller's bucket of commands or queries is empty. */
export class TooManyRequests extends HttpApiError.Problem<TooManyRequests>()("TooManyRequests", {
  type: "/problems/too-many-requests",
  status: 429,
  title: "Too many requests"
}) {}

export class InternalError extends HttpApiError.Problem<InternalError>()("InternalError", {
  type: "/problems/internal-error",
  status: 500,
  title: "Something went wrong on our side"
}) {}

export class ServiceUnavailable extends HttpApiError.Problem<ServiceUnavailable>()("ServiceUnavailableProblem", {
  type: "/problems/service-unavailable",
  status: 503,
  title: "Something this service needs is down"
}) {}

export class ReadModelBehind extends HttpApiError.Problem<ReadModelBehind>()("ReadModelBehindProblem", {
  type: "/problems/read-model-behind",
  status: 503,
  title: "The answer doesn't reflect the command yet"
}) {}

export class ProjectionParked extends HttpApiError.Problem<ProjectionParked>()("ProjectionParkedProblem", {
  type: "/problems/projection-parked",
  status: 503,
  title: "The comment can't be brought up to date"
}) {}

/** Any problem of this contract. */
export type Problem =
  | MalformedRequest
  | Unauthorized
  | InsufficientScope
  | NotTheAuthor
  | RouteNotFound
  | CommentNotFound
  | CommandNotFound
  | MethodNotAllowed
  | TooMuchContention
  | CommentDeleted
  | VersionMismatch
  | ContentTooLarge
  | UnsupportedMediaType
  | InvalidRequest
  | IdempotencyKeyReused
  | TooManyRequests
  | InternalError
  | ServiceUnavailable
  | ReadModelBehind
  | ProjectionParked
