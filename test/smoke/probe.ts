import { Effect, Schema } from "effect"
import { unknownId } from "../http/comments.ts"
import { exchange, jsonOf, type Reply } from "../http/exchange.ts"
import { Target } from "../http/Target.ts"
import type { Speaker, Speakers } from "./Speaker.ts"

/** The suite can't be run. The message says why, and what to do. */
export class NotReady extends Schema.TaggedError<NotReady>()("NotReady", { message: Schema.String }) {}

const Document = Schema.Struct({ openapi: Schema.String, info: Schema.Struct({ title: Schema.Literal("Marginalia") }) })
const isDocument = (reply: Reply): boolean => reply.status === 200 && Schema.is(Document)(jsonOf(reply))

const ask = (method: string, path: string, headers = {}) =>
  exchange({ method, path, headers }).pipe(Effect.sandbox, Effect.mapError((cause) => String(cause)))

const answers = Effect.gen(function*() {
  const { url } = yield* Target
  const reply = yield* exchange({ method: "GET", path: "/openapi.json" }).pipe(
    Effect.mapError(({ message }) => new NotReady({ message: `Nothing answers at ${url}: ${message}` })),
    Effect.catchDefect(() => Effect.fail(new NotReady({ message: `What answers at ${url} isn't Marginalia.` })))
  )
  const known = yield* Effect.orElseSucceed(
    Effect.try({ try: () => isDocument(reply), catch: () => false }),
    () => false
  )
  if (!known) {
    return yield* new NotReady({
      message: `What answers at ${url} isn't Marginalia: GET /openapi.json is ${reply.status}.`
    })
  }
})

/** What a token is answered for a request that changes nothing and finds nothing: 404, if it is good for that. */
const isGood = Effect.fnUntraced(function*(flag: string, { token }: Speaker, method: string, path: string) {
  const reply = yield* ask(method, path, { authorization: `Bearer ${token}` }).pipe(
    Effect.mapError((message) =>
      new NotReady({ message: `The deployment gave no proper answer to ${flag}: ${message}` })
    )
  )
  if (reply.status === 404) return
  const { headers, status, text } = reply
  const challenge = headers["www-authenticate"] ?? ""
  const why = `${status} ${text.slice(0, 300)}${challenge === "" ? "" : ` (WWW-Authenticate: ${challenge})`}`
  return yield* new NotReady({
    message: status === 401
      ? `The deployment refuses ${flag}. Is it of its issuer, for its audience, an access token, and not ended? ${why}`
      : status === 403
      ? `The deployment takes ${flag}, but not for writing. Has it the scope that the deployment wants? ${why}`
      : `The deployment can't tell whether ${flag} is good: ${why}`
  })
})

/** Looks whether a deployment answers and takes the tokens. Nothing is changed by it. */
export const probe = Effect.fnUntraced(function*({ moderator, reader, writers }: Speakers) {
  yield* answers
  const [first, ...others] = writers
  const write = (flag: string, speaker: Speaker) => isGood(flag, speaker, "DELETE", `/comments/${unknownId()}`)
  yield* write("--token", first)
  yield* Effect.forEach(others, (other) => write("--other-token", other))
  if (moderator !== undefined) yield* write("--moderator-token", moderator)
  if (reader !== undefined) yield* isGood("--reading-token", reader, "GET", `/comments/${unknownId()}/history`)
})
