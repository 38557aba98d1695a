import { Option, Predicate, Schema } from "effect"
import { CommentId } from "../../../src/domain/ids.ts"
import type { ReceivedAnswer } from "../history/History.ts"
import { type Reflected, reflectedBy } from "./tokens.ts"

const WireComment = Schema.Struct({
  id: CommentId,
  pictureId: Schema.String,
  authorId: Schema.String,
  text: Schema.String,
  version: Schema.Int,
  createdAt: Schema.String,
  editedAt: Schema.NullOr(Schema.String)
})
export type WireComment = typeof WireComment.Type

const WirePage = Schema.Struct({
  items: Schema.Array(WireComment),
  nextCursor: Schema.NullOr(Schema.String),
  count: Schema.Int
})
export type WirePage = typeof WirePage.Type

const WireStatus = Schema.Struct({
  id: Schema.String,
  status: Schema.Literals(["pending", "done", "rejected", "failed"]),
  result: Schema.optionalKey(Schema.Struct({ comment: Schema.NullOr(WireComment), consistencyToken: Schema.String })),
  problem: Schema.optionalKey(Schema.Struct({ type: Schema.String, status: Schema.Int }))
})
export type WireStatus = typeof WireStatus.Type

const reading = <A>(schema: Schema.ConstraintDecoder<A>) => {
  const decode = Schema.decodeUnknownOption(schema)
  return (body: unknown): A | null => Option.getOrNull(decode(body))
}

/** Each reads a body of its kind; null if it is none. */
export const commentIn = reading(WireComment)
export const pageIn = reading(WirePage)
export const statusIn = reading(WireStatus)

/** The name of the problem that an answer is; null for none. */
export const problemIn = (body: unknown): string | null =>
  Predicate.hasProperty(body, "type") && typeof body.type === "string" ? body.type.replace("/problems/", "") : null

/** Whether an answer says that nothing was done: a refusal, or a failure that is known to have come before anything. */
export const saysNothingWasDone = ({ body, status }: ReceivedAnswer): boolean =>
  (status >= 400 && status < 500) ||
  (status === 503 && Predicate.hasProperty(body, "detail") && typeof body.detail === "string" &&
    body.detail.startsWith("Nothing was decided about the request"))

export const isReplayed = ({ headers }: ReceivedAnswer): boolean => headers["idempotency-replayed"] === "true"

/** What an answer says that it reflects; null where it says nothing, or nothing that can be read. */
export const reflectedIn = ({ headers }: ReceivedAnswer): Reflected | null => {
  const token = headers["consistency-token"]
  return token === undefined ? null : reflectedBy(token)
}

/** An answer as a violation shows it. */
export const describe = (answer: ReceivedAnswer | null): string =>
  answer === null ? "no answer" : `${answer.status} ${JSON.stringify(answer.body)}`
