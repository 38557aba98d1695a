import { Effect, Schema } from "effect"
import type { ReceivedAnswer } from "../../simulation/history/History.ts"
import { Client, type Request } from "./Client.ts"
import { command, maybeKey } from "./commands.ts"
import type { Known } from "./Known.ts"

const Status = Schema.Struct({
  status: Schema.Literals(["pending", "done", "rejected", "failed"]),
  result: Schema.optionalKey(Schema.Unknown)
})
const statusIn = Schema.decodeUnknownOption(Status)

const isSettled = (answer: ReceivedAnswer | null): boolean => {
  const status = statusIn(answer?.body)
  return status._tag === "Some" && status.value.status !== "pending"
}

const apart = 250
const looks = 24

/** Asks what has become of an accepted command, until something has, or its patience ends. */
const follow = Effect.fnUntraced(function*(client: Request["client"], path: string) {
  const { ask } = yield* Client
  for (let look = 0; look < looks; look++) {
    yield* Effect.sleep(apart)
    const answer = yield* ask({ kind: "async", client, as: "writer", method: "GET", path })
    if (isSettled(answer)) return
  }
})

/** Posts or edits, doesn't wait for it to be done, and asks later. */
export const putOff = Effect.fnUntraced(function*(known: Known) {
  const comment = known.someComment()
  const headers = { ...maybeKey(known), prefer: "respond-async" }
  const common = { kind: "async", as: "writer", headers, text: known.newText() } as const
  const request: Request = comment === undefined || known.chance.happens(0.5)
    ? { ...common, client: known.somebody(), method: "POST", path: `/pictures/${known.somePicture()}/comments` }
    : { ...common, client: comment.author, method: "PATCH", path: `/comments/${comment.id}` }
  const answer = yield* command(request)
  const path = answer?.headers["location"]
  if (answer?.status === 202 && path !== undefined) yield* follow(request.client, path)
})
