import { Effect, Predicate, Schema } from "effect"
import * as Http from "node:http"
import * as Https from "node:https"
import { assertAnswer } from "./assertAnswer.ts"
import { Target } from "./Target.ts"

/** A request, exactly as it goes out: nothing is added but `Host`, `Connection` and how long the body is. */
export interface Exchange {
  readonly method: string
  /** Path and query, as they stand in the request line. */
  readonly path: string
  readonly headers?: Http.OutgoingHttpHeaders
  /** What is sent as it is, with its length; a list of pieces is sent chunked. */
  readonly body?: string | Uint8Array | ReadonlyArray<Uint8Array>
}

/** An answer. Headers that came more than once are joined by commas. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** There was no answer. */
export class Unanswered extends Schema.TaggedError<Unanswered>()("Unanswered", { message: Schema.String }) {}

const agents = {
  "http:": { request: Http.request, agent: new Http.Agent({ keepAlive: true, maxSockets: 64 }) },
  "https:": { request: Https.request, agent: new Https.Agent({ keepAlive: true, maxSockets: 64 }) }
}

const joined = (headers: Http.IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === "string" ? value : value.join(", ")]]
    )
  )

const isPieces = (body: Exchange["body"]): body is ReadonlyArray<Uint8Array> => Array.isArray(body)

const lengthOf = ({ body, method }: Exchange): Http.OutgoingHttpHeaders => {
  if (isPieces(body)) return { "transfer-encoding": "chunked" }
  if (body !== undefined) return { "content-length": Buffer.byteLength(body) }
  return method === "GET" || method === "HEAD" ? {} : { "content-length": 0 }
}

/**
 * Sends one request and collects its answer, over a connection that may have been used before. Whatever the answer is, it
 * must have what every answer has: see `assertAnswer`.
 */
export const exchange = Effect.fn("exchange")(function*(given: Exchange) {
  const { url } = yield* Target
  const { body, headers, method, path } = given
  const { hostname, port, protocol } = new URL(url)
  const { agent, request } = agents[protocol === "https:" ? "https:" : "http:"]
  const reply = yield* Effect.callback<Reply, Unanswered>((resume) => {
    const unanswered = (error: Error) =>
      resume(Effect.fail(new Unanswered({ message: `${method} ${path.slice(0, 200)}: ${error.message}` })))
    const outgoing = request(
      { hostname, port, path, method, agent, headers: { ...lengthOf(given), ...headers } },
      (incoming) => {
        const chunks: Array<Buffer> = []
        incoming.on("data", (chunk) => chunks.push(chunk))
        incoming.on("error", unanswered)
        incoming.on("end", () =>
          resume(Effect.succeed({
            status: incoming.statusCode ?? 0,
            headers: joined(incoming.headers),
            text: Buffer.concat(chunks).toString("utf8")
          })))
      }
    )
    outgoing.on("error", unanswered)
    if (isPieces(body)) { for (const piece of body) outgoing.write(piece) }
    outgoing.end(isPieces(body) ? undefined : body)
    return Effect.sync(() => {
      outgoing.destroy()
    })
  })
  assertAnswer(given.method, reply)
  return reply
})

const parse = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Unknown))

/** The JSON that an answer brought. */
export const jsonOf = ({ text }: Reply): unknown => parse(text)

/** The names that the JSON object has which an answer brought, in their order. */
export const propertiesOf = (reply: Reply): ReadonlyArray<string> => {
  const json = jsonOf(reply)
  return Predicate.isObject(json) ? Object.keys(json) : []
}
