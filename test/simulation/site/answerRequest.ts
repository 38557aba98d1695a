import { Effect } from "effect"
import { HttpClientRequest, HttpServerRequest, type HttpServerResponse } from "effect/http"
import type { ReceivedAnswer, SentRequest } from "../history/History.ts"

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The request as a server gets it. Its body is there at once, so that reading it takes no turn of the real event loop. */
export const receivedRequest = ({ body, headers, method, path }: SentRequest): HttpServerRequest.HttpServerRequest => {
  const bytes = body === undefined ? undefined : encoder.encode(JSON.stringify(body))
  const request = HttpClientRequest.make(method)(`http://site${path}`, { headers })
  return HttpServerRequest.fromClientRequest(
    bytes === undefined ? request : HttpClientRequest.bodyUint8Array(request, bytes, "application/json")
  )
}

/** The answer as a client gets it. The site sends nothing but bytes, and all that it sends is JSON. */
export const sentAnswer = ({ body, headers, status }: HttpServerResponse.HttpServerResponse): Effect.Effect<
  ReceivedAnswer
> => {
  if (body._tag === "Empty") return Effect.succeed({ status, headers: { ...headers }, body: undefined })
  return body._tag === "Uint8Array"
    ? Effect.sync((): ReceivedAnswer => ({
      status,
      headers: { ...headers },
      body: JSON.parse(decoder.decode(body.body))
    }))
    : Effect.die(new Error(`an answer is a ${body._tag}`))
}
