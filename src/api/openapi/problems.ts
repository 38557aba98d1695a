import * as Problems from "../Problems.ts"
import type { Schema } from "./Document.ts"

/** A problem as it goes over the wire (RFC 9457). */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly errors?: ReadonlyArray<Problems.Fault>
}

/** A problem of each type, as a request may meet it. The last two are told before there is a request. */
const all = (): ReadonlyArray<ProblemDocument> =>
  [
    new Problems.MalformedRequest({
      detail: "A parameter or header isn't as it should be.",
      errors: [{ pointer: "limit", detail: "a whole number from 1 to 100" }]
    }),
    new Problems.Unauthorized({ detail: "Send a valid token: Authorization: Bearer <JWT>." }),
    new Problems.InsufficientScope({ detail: "One of these scopes is needed: comments:write." }),
    new Problems.NotTheAuthor({ detail: "Only its author may edit a comment." }),
    new Problems.RouteNotFound({ detail: "No such address. /docs lists those there are." }),
    new Problems.CommentNotFound({ detail: "No comment was ever posted under this id." }),
    new Problems.CommandNotFound({ detail: "You have sent no command of this id, or not lately." }),
    new Problems.MethodNotAllowed({ detail: "Allowed here: GET, HEAD, OPTIONS." }),
    new Problems.TooMuchContention({
      detail: "Others kept changing the comment meanwhile. Nothing was changed by this request; try again."
    }),
    new Problems.CommentDeleted({ detail: "A deleted comment can't be edited." }),
    new Problems.VersionMismatch({ detail: "The comment is at version 3." }),
    new Problems.ContentTooLarge({ detail: "A request body has at most 65536 bytes." }),
    new Problems.UnsupportedMediaType({
      detail: "Send Content-Type: application/json, in UTF-8 and without Content-Encoding."
    }),
    new Problems.InvalidRequest({
      detail: "The body is JSON, but not a comment.",
      errors: [{ pointer: "/text", detail: "must not be empty or only white space" }]
    }),
    new Problems.IdempotencyKeyReused({ detail: "Use a fresh key for every request that isn't a retry of another." }),
    new Problems.TooManyRequests({ detail: "Try again later." }),
    new Problems.InternalError({ detail: "It has been logged under this request's id." }),
    new Problems.ServiceUnavailable({ detail: "Nothing was decided about the request. Try again shortly." }),
    new Problems.ReadModelBehind({
      detail: "The read model has not reached the command in the time that the request allows."
    }),
    new Problems.ProjectionParked({ detail: "The comment's latest change waits for an operator." })
  ].map(({ detail = "", status, title, type, ...more }): ProblemDocument => ({
    type,
    title,
    status,
    detail,
    ...("errors" in more ? { errors: more.errors } : {})
  })).concat([
    {
      type: "/problems/request-timeout",
      title: "The request took too long to arrive",
      status: 408,
      detail: "Its headers take at most 10 seconds, all of it at most 30."
    },
    {
      type: "/problems/request-header-fields-too-large",
      title: "The request's headers are too large",
      status: 431,
      detail: "Its address and headers have more than 16384 bytes."
    }
  ])

const nameOf = ({ type }: ProblemDocument): string => type.slice("/problems/".length)

let examples: ReadonlyMap<string, ProblemDocument> | undefined

/** Each problem's example, by the last part of its type, which is also the name of its schema. */
export const problemExamples = (): ReadonlyMap<string, ProblemDocument> =>
  examples ??= new Map(all().map((problem) => [nameOf(problem), problem]))

const faults: Schema = {
  type: "array",
  description: "All that is wrong, at once.",
  items: {
    type: "object",
    properties: {
      pointer: {
        type: "string",
        description: "Where: a JSON pointer into the body (RFC 6901), or the name of a parameter or header."
      },
      detail: { type: "string", description: "What is wrong with it." }
    },
    required: ["pointer", "detail"],
    additionalProperties: false
  }
}

/** What a problem of this type looks like, to the letter but for its detail. */
export const problemSchema = ({ errors, status, title, type }: ProblemDocument): Schema => ({
  type: "object",
  description: `${title}. What that means, and what to do about it: ${type}.`,
  properties: {
    type: { type: "string", const: type },
    title: { type: "string", const: title },
    status: { type: "integer", const: status },
    detail: { type: "string", description: "What happened here, for people." },
    ...(errors === undefined ? {} : { errors: faults })
  },
  required: ["type", "title", "status", "detail", ...(errors === undefined ? [] : ["errors"])],
  additionalProperties: false
})
