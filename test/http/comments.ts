import { Effect, Schema } from "effect"
import { randomUUID } from "node:crypto"
import type { OutgoingHttpHeaders } from "node:http"
import { assertStatus } from "./assertAnswer.ts"
import type { Exchange, Reply } from "./exchange.ts"
import { exchange } from "./exchange.ts"
import { anybody } from "./people.ts"
import { Target } from "./Target.ts"

/** The contract's comment. */
export const CommentJson = Schema.Struct({
  id: Schema.String,
  pictureId: Schema.String,
  authorId: Schema.String,
  text: Schema.String,
  version: Schema.Int,
  createdAt: Schema.String,
  editedAt: Schema.NullOr(Schema.String)
})
export type CommentJson = typeof CommentJson.Type

const decodeComment = Schema.decodeSync(Schema.fromJsonString(CommentJson), { onExcessProperty: "error" })

/** The comment that an answer brought, and nothing but a comment. */
export const commentOf = ({ text }: Reply): CommentJson => decodeComment(text)

export const write = "comments:write"
export const moderate = "comments:moderate"

/** A picture that nobody has commented on. */
export const newPicture = (): string => `picture-${randomUUID()}`

/** An idempotency key that nobody has used. */
export const newKey = (): string => `key-${randomUUID()}`

/** An id that no comment has. */
export const unknownId = (): string => randomUUID()

/** The `Authorization` of a subject. */
export const bearer = Effect.fnUntraced(function*(subject: string, scope = write) {
  const { token } = yield* Target
  return { authorization: `Bearer ${yield* token(subject, scope)}` }
})

type Command = Omit<Exchange, "headers"> & {
  readonly by: string
  readonly scope?: string | undefined
  readonly headers?: OutgoingHttpHeaders | undefined
}

/** Sends a command in somebody's name. */
export const command = Effect.fnUntraced(function*({ by, headers, scope, ...rest }: Command) {
  const json = rest.body === undefined ? {} : { "content-type": "application/json" }
  return yield* exchange({ ...rest, headers: { ...(yield* bearer(by, scope)), ...json, ...headers } })
})

/** Options of a command. */
export interface CommandOptions {
  readonly headers?: OutgoingHttpHeaders
  readonly scope?: string
}

export const post = (picture: string, by: string, text: string, options: CommandOptions = {}) =>
  command({ method: "POST", path: `/pictures/${picture}/comments`, body: JSON.stringify({ text }), by, ...options })

export const edit = (id: string, by: string, text: string, options: CommandOptions = {}) =>
  command({ method: "PATCH", path: `/comments/${id}`, body: JSON.stringify({ text }), by, ...options })

export const remove = (id: string, by: string, options: CommandOptions = {}) =>
  command({ method: "DELETE", path: `/comments/${id}`, by, ...options })

/** The consistency token that a command was answered with. */
export const tokenOf = ({ headers }: Reply): string => headers["consistency-token"] ?? ""

/** A comment that has been posted, and the token to see it by. */
export interface Posted extends CommentJson {
  readonly token: string
}

/** Posts a comment, on a picture of its own by anybody unless said otherwise. */
export const posted = Effect.fnUntraced(function*(
  { by, picture = newPicture(), text = "What a light!" }: {
    readonly by?: string
    readonly picture?: string
    readonly text?: string
  } = {}
) {
  const reply = assertStatus(yield* post(picture, by ?? (yield* anybody), text), 201)
  return { ...commentOf(reply), token: tokenOf(reply) } satisfies Posted
})

/** Posts a comment, and deletes it; the token is that of the deletion. */
export const deleted = Effect.fnUntraced(function*(where: { readonly by?: string; readonly picture?: string } = {}) {
  const comment = yield* posted(where)
  const reply = assertStatus(yield* remove(comment.id, comment.authorId), 204)
  return { ...comment, token: tokenOf(reply) } satisfies Posted
})
