import { Context, Duration, Effect, Layer, Option, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest, type HttpClientResponse } from "effect/http"
import { moderate, write } from "../../http/comments.ts"
import type { Target } from "../../http/Target.ts"
import type { ReceivedAnswer } from "../../simulation/history/History.ts"
import { type Asked, Recorder } from "./Recorder.ts"

/** How long a client waits for an answer. */
export const clientPatience = Duration.seconds(8)

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

const received = Effect.fnUntraced(function*({ headers, status, text }: HttpClientResponse.HttpClientResponse) {
  const body = yield* text
  const answer: ReceivedAnswer = {
    status,
    headers: { ...headers },
    // What isn't JSON is told as it is.
    body: body === "" ? undefined : Option.getOrElse(parse(body), () => body)
  }
  return answer
})

/** What is asked for, without the token of whoever asks. */
export interface Request extends Omit<Asked, "scopes" | "request"> {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly text?: string
  /** As whom it is asked: nobody without a bearer token, if left out. */
  readonly as?: "writer" | "moderator"
}

const scopesOf = ({ as }: Request): ReadonlyArray<string> =>
  as === undefined ? [] : as === "writer" ? [write] : [write, moderate]

/** Asks the target, and records what is asked and what comes of it. */
export class Client extends Context.Service<Client, {
  readonly recorder: Recorder
  /** Sends a request. Null: no answer came, for the line broke, or it took too long. */
  readonly ask: (request: Request) => Effect.Effect<ReceivedAnswer | null>
  /** Has the tokens of these people at hand before anything breaks. */
  readonly enter: (people: ReadonlyArray<Pick<Request, "client" | "as">>) => Effect.Effect<void>
}>()("marginalia/test/integration/Client") {
  /** One that has recorded nothing yet. */
  static readonly layerOf = ({ token, url }: Target["Service"]) =>
    Layer.effect(
      Client,
      Effect.gen(function*() {
        const http = yield* HttpClient.HttpClient
        const recorder = new Recorder()

        const bearer = (request: Request) => {
          const scopes = scopesOf(request)
          return scopes.length === 0
            ? Effect.succeed({})
            : Effect.map(token(request.client, scopes.join(" ")), (token) => ({ authorization: `Bearer ${token}` }))
        }

        const ask = Effect.fnUntraced(function*(request: Request) {
          const { client, headers = {}, kind, method, path, text } = request
          const authorization = yield* bearer(request)
          const body = text === undefined ? undefined : { text }
          const outgoing = HttpClientRequest.make(method)(`${url}${path}`, {
            headers: { ...headers, ...authorization }
          })
          const done = recorder.sent({
            kind,
            client,
            scopes: scopesOf(request),
            request: { method, path, headers, body }
          })
          const answer = yield* http.execute(
            body === undefined ? outgoing : HttpClientRequest.bodyJsonUnsafe(outgoing, body)
          ).pipe(
            Effect.flatMap(received),
            Effect.timeout(clientPatience),
            Effect.orElseSucceed(() => null)
          )
          done(answer)
          return answer
        })

        return Client.of({
          recorder,
          ask,
          enter: (people) =>
            Effect.forEach(
              people,
              (one) => bearer({ kind: "poster", method: "GET", path: "", ...one }),
              { discard: true, concurrency: 4 }
            )
        })
      })
    ).pipe(Layer.provide(FetchHttpClient.layer))
}
