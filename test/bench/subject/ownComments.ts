import { Effect } from "effect"
import { jsonRequest } from "../load/httpRequest.ts"
import type { BenchClient } from "./BenchClient.ts"
import { authorOf, authors, usualText } from "./drafts.ts"

/** More than requests are ever in flight, so that no two edit one comment at once. */
const comments = 1024

/** What edits are made of: the authors' tokens, and the ids of their comments. */
export interface OwnComments {
  readonly tokens: ReadonlyArray<string>
  readonly ids: ReadonlyArray<string>
}

/** Has every author post his share of 1,024 comments. */
export const ownComments = Effect.fnUntraced(function*(client: BenchClient) {
  const tokens = yield* Effect.forEach(authors, client.token, { concurrency: 4 })
  const ids = yield* client.postAll(Array.from({ length: comments }, (_, number) => ({
    picture: `picture-${number % 64}`,
    author: authorOf(number),
    text: usualText(number)
  })))
  return { tokens, ids } satisfies OwnComments
})

/** The edits of these comments in turn, each by its author and with another text: 1,024 is a multiple of the 16 authors. */
export const edits = ({ ids, tokens }: OwnComments) => (number: number) =>
  jsonRequest("PATCH", `/comments/${ids[number % ids.length] ?? ""}`, tokens[number % tokens.length] ?? "", {
    text: usualText(number + comments)
  })
