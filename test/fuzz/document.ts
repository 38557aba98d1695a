import { Effect, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientResponse } from "effect/http"
import { CheckFailed } from "../infra/check/CheckFailed.ts"

const Document = Schema.Struct({
  openapi: Schema.String,
  paths: Schema.Record(Schema.String, Schema.Record(Schema.String, Schema.Json))
})

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

const get = (url: string) =>
  HttpClient.get(url).pipe(
    Effect.flatMap(HttpClientResponse.filterStatusOk),
    Effect.mapError(({ message }) => new CheckFailed({ message: `GET ${url}: ${message}` })),
    Effect.provide(FetchHttpClient.layer)
  )

/** The operations of the document that a program serves, each as Schemathesis names it: `GET /comments/{commentId}`. */
export const servedOperations = Effect.fn("servedOperations")(function*(url: string) {
  const answer = yield* get(`${url}/openapi.json`)
  const { paths } = yield* HttpClientResponse.schemaBodyJson(Document)(answer).pipe(
    Effect.mapError(({ message }) =>
      new CheckFailed({ message: `${url}/openapi.json is no such document: ${message}` })
    )
  )
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.filter((method) => method in item).map((method) => `${method.toUpperCase()} ${path}`)
  )
})

/** Fails unless a program says of itself that it is ready. */
export const assertReady = (url: string) => get(`${url}/health/ready`)
