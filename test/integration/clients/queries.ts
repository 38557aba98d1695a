import { Effect } from "effect"
import { Client } from "./Client.ts"
import type { Known, KnownComment } from "./Known.ts"

const pathsFor = (known: Known, comment: KnownComment | undefined): readonly [string, ...ReadonlyArray<string>] => {
  const picture = known.somePicture()
  return [
    `/pictures/${picture}/comments`,
    `/pictures/${picture}/comments?order=oldest&limit=10`,
    `/pictures/${picture}/comments/count`,
    `/comment-counts?pictureId=${picture}&pictureId=${known.somePicture()}`,
    `/users/${encodeURIComponent(known.somebody())}/comments`,
    ...(comment === undefined ? [] : [`/comments/${comment.id}`, `/comments/${comment.id}`])
  ]
}

/** Looks at something, whatever is there. */
export const look = Effect.fnUntraced(function*(known: Known) {
  const { ask } = yield* Client
  yield* ask({
    kind: "reader without token",
    client: known.reader,
    method: "GET",
    path: known.chance.pick(pathsFor(known, known.someComment()))
  })
})

/** Looks where a command must show that was answered: the comment, its history, or its picture. */
export const lookAfter = Effect.fnUntraced(function*(known: Known) {
  const { ask } = yield* Client
  const comment = known.someComment()
  if (comment === undefined) return
  const { author, id, picture, token } = comment
  const common = { kind: "reader with token", method: "GET", headers: { "consistency-token": token } } as const
  if (known.chance.happens(0.2)) {
    yield* ask({ ...common, client: author, as: "writer", path: `/comments/${id}/history` })
    return
  }
  yield* ask({
    ...common,
    client: known.reader,
    path: known.chance.pick([`/comments/${id}`, `/pictures/${picture}/comments`, `/pictures/${picture}/comments/count`])
  })
})
