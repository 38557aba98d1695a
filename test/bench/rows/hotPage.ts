import { Effect, Schema } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { BenchError } from "../BenchError.ts"
import { getRequest } from "../load/httpRequest.ts"
import { defineRow } from "../Row.ts"
import { withBenchClient } from "../subject/BenchClient.ts"
import { draftsFor } from "../subject/drafts.ts"

const path = "/pictures/hot/comments"

/** The standalone program's own answer, as the twin gives it. */
const Answer = Schema.Struct({
  headers: Schema.Record(Schema.String, Schema.String),
  bodyBase64: Schema.String
})

// What node:http adds by itself.
const ownHeaders = new Set(["connection", "date", "keep-alive"])

const readAnswer = (origin: string) =>
  Effect.gen(function*() {
    const response = yield* HttpClient.get(`${origin}${path}`)
    const headers = Object.entries(response.headers).filter(([name]) => !ownHeaders.has(name))
    const body = Buffer.from(yield* response.arrayBuffer)
    return { headers: Object.fromEntries(headers), bodyBase64: body.toString("base64") }
  }).pipe(
    Effect.mapError((error) => new BenchError({ message: `The hot page can't be read: ${error.message}` })),
    Effect.provide(FetchHttpClient.layer)
  )

/**
 * Everybody reads the same page: 20 comments, about 5 KB, out of the query cache in memory.
 *
 * The twin answers every request, whatever it asks for, with `writeHead` of the same headers (the one X-Request-Id again
 * and again) and `end` of the same bytes, which it holds in a buffer. It looks at nothing.
 */
export const row = defineRow({
  name: "hot-page",
  title: "hot page read",
  aim: 0.9,
  expectedStatus: 200,
  material: Answer,
  prepare: (subject) =>
    withBenchClient(subject, (client) => Effect.andThen(client.postAll(draftsFor("hot", 20)), client.settled)).pipe(
      Effect.andThen(readAnswer(subject.origin))
    ),
  requests: () => {
    const request = getRequest(path)
    return () => request
  },
  twin: ({ bodyBase64, headers }) => {
    const body = Buffer.from(bodyBase64, "base64")
    return Promise.resolve({ listener: (_, response) => response.writeHead(200, headers).end(body) })
  }
})
