import { Context, Effect, Layer, type Scope } from "effect"
import { type IncomingMessage, request, type ServerResponse } from "node:http"
import { serve } from "./serve.ts"

/** What happens to a request on its way to DynamoDB. */
export type DynamoMishap =
  /** DynamoDB answers with an error of this name, and with this status, without having done anything. */
  | { readonly _tag: "Refused"; readonly status: number; readonly error: string; readonly more?: object }
  /** It does what it is asked for, and answers with this status all the same. */
  | { readonly _tag: "Botched"; readonly status: number }
  /** The connection is cut before the request arrives, or after it has been done. */
  | { readonly _tag: "Cut"; readonly isDone: boolean }
  /** Nobody answers; the request is done when `landAll` says so. */
  | { readonly _tag: "Late" }

export const throttled: DynamoMishap = { _tag: "Refused", status: 400, error: "ProvisionedThroughputExceededException" }
export const refused = (error: string, status = 400, more: object = {}): DynamoMishap => ({
  _tag: "Refused",
  status,
  error,
  more
})
export const botched: DynamoMishap = { _tag: "Botched", status: 500 }
export const cut: DynamoMishap = { _tag: "Cut", isDone: false }
export const unheard: DynamoMishap = { _tag: "Cut", isDone: true }
export const late: DynamoMishap = { _tag: "Late" }

/** A way to DynamoDB on which mishaps befall requests, one after the other, until there are no more. */
export class DynamoWay extends Context.Service<DynamoWay, {
  readonly endpoint: string
  /** What befalls the next requests, and nothing else. */
  befall(...mishaps: ReadonlyArray<DynamoMishap>): Effect.Effect<void>
  /** Lets everything that is late be done; nobody hears of it. */
  readonly landAll: Effect.Effect<void>
  /** How many requests an effect makes on this way, with all its tries. */
  requestsBy<E, R>(effect: Effect.Effect<unknown, E, R>): Effect.Effect<number, E, R>
}>()("marginalia/test/support/DynamoWay") {}

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => Buffer.concat(await Array.fromAsync(message))

/** What the engine says to a request. */
const forwarded = (endpoint: string, { headers, method, url }: IncomingMessage, body: Buffer) =>
  new Promise<{ readonly status: number; readonly headers: IncomingMessage["headers"]; readonly body: Buffer }>(
    (resolve, reject) => {
      const onward = request(new URL(url ?? "/", endpoint), { method, headers }, (answer) => {
        bodyOf(answer).then(
          (body) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body }),
          reject
        )
      })
      onward.once("error", reject).end(body)
    }
  )

const answerError = (response: ServerResponse, status: number, error: string, more: object = {}) => {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" })
  response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${error}`, message: "by a test", ...more }))
}

const make = (endpoint: string): Effect.Effect<DynamoWay["Service"], never, Scope.Scope> =>
  Effect.gen(function*() {
    const mishaps: Array<DynamoMishap> = []
    const held: Array<() => Promise<unknown>> = []
    let count = 0

    const befallen = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
      count++
      const body = await bodyOf(message)
      const mishap = mishaps.shift()
      switch (mishap?._tag) {
        case undefined: {
          const answer = await forwarded(endpoint, message, body)
          response.writeHead(answer.status, answer.headers).end(answer.body)
          return
        }
        case "Refused":
          return answerError(response, mishap.status, mishap.error, mishap.more)
        case "Botched":
          await forwarded(endpoint, message, body)
          return answerError(response, mishap.status, "InternalServerError")
        case "Cut":
          if (mishap.isDone) await forwarded(endpoint, message, body)
          response.destroy()
          return
        case "Late":
          held.push(() => forwarded(endpoint, message, body))
      }
    }

    const { url } = yield* serve((message, response) => {
      befallen(message, response).catch(() => response.destroy())
    })

    return {
      endpoint: url,
      befall: (...next) => Effect.sync(() => void mishaps.splice(0, mishaps.length, ...next)),
      landAll: Effect.promise(() => Promise.all(held.splice(0).map((land) => land()))),
      requestsBy: Effect.fnUntraced(function*(effect) {
        const before = count
        yield* effect
        return count - before
      })
    }
  })

/** A way to the engine at an endpoint. */
export const layer = <E>(endpoint: Effect.Effect<string, E>): Layer.Layer<DynamoWay, E> =>
  Layer.effect(DynamoWay, Effect.flatMap(endpoint, make))
