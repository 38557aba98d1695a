import { Effect, Schema } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { BenchError } from "../BenchError.ts"

/** A program's own answer, as its twin gives it. */
export const Answer = Schema.Struct({
  headers: Schema.Record(Schema.String, Schema.String),
  bodyBase64: Schema.String
})

// What node:http adds by itself.
const ownHeaders = new Set(["connection", "date", "keep-alive"])

/** What a program answers with, twice asked: the second time out of its cache. */
export const readAnswer = (url: string) =>
  Effect.gen(function*() {
    yield* HttpClient.get(url)
    const response = yield* HttpClient.get(url)
    const headers = Object.entries(response.headers).filter(([name]) => !ownHeaders.has(name))
    const body = Buffer.from(yield* response.arrayBuffer)
    return { headers: Object.fromEntries(headers), bodyBase64: body.toString("base64") }
  }).pipe(
    Effect.mapError((error) => new BenchError({ message: `The hot page can't be read: ${error.message}` })),
    Effect.provide(FetchHttpClient.layer)
  )
