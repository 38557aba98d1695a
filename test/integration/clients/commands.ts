import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import type { ReceivedAnswer } from "../../simulation/history/History.ts"
import { Client, type Request } from "./Client.ts"
import type { Known, KnownComment } from "./Known.ts"

/** Whether it is the service's fault, or the line's, that somebody didn't get what he asked for. */
export const isFailure = (answer: ReceivedAnswer | null): boolean => answer === null || answer.status >= 500

const pauses = [500, 1_500]

/** Sends a command; one with a key again, after a while, if nothing is known of what came of it. */
export const command = Effect.fnUntraced(function*(request: Request) {
  const { ask } = yield* Client
  let answer = yield* ask(request)
  if (request.headers?.["idempotency-key"] === undefined) return answer
  for (const pause of pauses) {
    if (!isFailure(answer)) break
    yield* Effect.sleep(pause)
    answer = yield* ask(request)
  }
  return answer
})

/** Half of all commands have a key. */
export const maybeKey = ({ chance }: Known): Readonly<Record<string, string>> =>
  chance.happens(1 / 2) ? { "idempotency-key": `key-${randomUUID()}` } : {}

/** Posts a comment. */
export const post = Effect.fnUntraced(function*(known: Known) {
  const answer = yield* command({
    kind: "poster",
    client: known.somebody(),
    as: "writer",
    method: "POST",
    path: `/pictures/${known.somePicture()}/comments`,
    headers: maybeKey(known),
    text: known.newText()
  })
  if (answer !== null) known.learn(answer)
})

/** What somebody changes in a comment: mostly its text; sometimes nothing, or only at the version that they know. */
const change = (known: Known, comment: KnownComment): Pick<Request, "text" | "headers"> => {
  if (known.chance.happens(1 / 8)) return { text: comment.text, headers: maybeKey(known) }
  if (known.chance.happens(1 / 6)) {
    return { text: known.newText(), headers: { ...maybeKey(known), "if-match": comment.etag } }
  }
  return { text: known.newText(), headers: maybeKey(known) }
}

/** Edits or deletes a comment, as its author or as a moderator. */
export const editOrDelete = Effect.fnUntraced(function*(known: Known) {
  const comment = known.someComment()
  if (comment === undefined) return
  const common = { kind: "editor", path: `/comments/${comment.id}` } as const
  if (known.chance.happens(1 / 6)) {
    const who = known.chance.happens(1 / 4)
      ? { client: known.moderator, as: "moderator" } as const
      : { client: comment.author, as: "writer" } as const
    known.forget(comment.id)
    yield* command({ ...common, ...who, method: "DELETE", headers: maybeKey(known) })
    return
  }
  const answer = yield* command({
    ...common,
    client: comment.author,
    as: "writer",
    method: "PATCH",
    ...change(known, comment)
  })
  if (answer !== null) known.learn(answer)
})
