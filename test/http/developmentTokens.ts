import { Cache, Data, Effect, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"

class Wanted extends Data.Class<{ readonly sub: string; readonly scope: string }> {}

/** Asks a server for development tokens, once for each subject and scope. */
export const developmentTokens = Effect.fnUntraced(function*(url: string) {
  const client = yield* HttpClient.HttpClient
  const tokens = yield* Cache.make({
    capacity: 10_000,
    lookup: ({ scope, sub }: Wanted) =>
      HttpClientRequest.post(`${url}/dev/token`).pipe(
        HttpClientRequest.bodyJson({ sub, scope }),
        Effect.flatMap(client.execute),
        Effect.flatMap(HttpClientResponse.schemaBodyJson(Schema.Struct({ token: Schema.String }))),
        Effect.map(({ token }) => token),
        Effect.orDie
      )
  })
  return (sub: string, scope: string) => Cache.get(tokens, new Wanted({ sub, scope }))
}, Effect.provide(FetchHttpClient.layer))
