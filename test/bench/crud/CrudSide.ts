import { Effect, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import type { BenchError } from "../BenchError.ts"
import { BenchError as Failed } from "../BenchError.ts"
import type { RunningServer } from "../servers/RunningServer.ts"
import { withBenchClient } from "../subject/BenchClient.ts"
import { authorOf, authors, usualText } from "../subject/drafts.ts"
import type { CrudMaterial } from "./CrudMaterial.ts"

/** One of those that are measured beside each other, running and filled. */
export interface CrudSide {
  readonly name: string
  /** Where queries go, and where commands go if that is somewhere else. */
  readonly ports: readonly [number, ...ReadonlyArray<number>]
  readonly pids: ReadonlyArray<number>
  readonly material: CrudMaterial
  /** Waits until what was written can be read; nothing to wait for where it is at once. */
  readonly settled: Effect.Effect<void, BenchError>
}

/** More than requests are ever in flight. */
const ownComments = 1024

const Posted = Schema.Struct({ id: Schema.String })

const post = Effect.fnUntraced(function*(origin: string, token: string, number: number) {
  const client = yield* HttpClient.HttpClient
  const request = HttpClientRequest.post(`${origin}/pictures/own-${number % 64}/comments`).pipe(
    HttpClientRequest.bearerToken(token),
    HttpClientRequest.bodyJsonUnsafe({ text: usualText(number) })
  )
  const { id } = yield* client.execute(request).pipe(
    Effect.flatMap(HttpClientResponse.filterStatusOk),
    Effect.flatMap(HttpClientResponse.schemaBodyJson(Posted))
  )
  return id
})

/** Has every author post what he will edit, and collects the tokens: the same on all sides. */
export const prepareAuthors = (
  server: RunningServer
): Effect.Effect<Pick<CrudMaterial, "tokens" | "ids">, BenchError> =>
  withBenchClient(server, (client) =>
    Effect.gen(function*() {
      const tokens = yield* Effect.forEach(authors, client.token, { concurrency: 4 })
      const ids = yield* Effect.forEach(
        Array.from({ length: ownComments }, (_, number) => number),
        (number) => post(server.origin, tokens[authors.indexOf(authorOf(number))] ?? "", number),
        { concurrency: 32 }
      )
      return { tokens, ids }
    }).pipe(
      Effect.mapError((error) =>
        error instanceof Failed ? error : new Failed({ message: `A side refuses a post: ${String(error)}` })
      ),
      Effect.provide(FetchHttpClient.layer)
    ))
