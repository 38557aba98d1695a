import * as Cache from "effect/Cache"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { DevelopmentTokenApi } from "../../api/DevelopmentTokenApi.ts"
import type { AuthorId } from "../../domain/ids.ts"
import { isUnanswered, ServerUnreachable } from "./ServerUnreachable.ts"

/** The server gave no token. */
export class TokenRefused extends Schema.TaggedError<TokenRefused>()("TokenRefused", { message: Schema.String }) {}

/** One development token for each author, from the server itself. */
export const developmentTokens = Effect.fn("developmentTokens")(function*(
  url: string
): Effect.fn.Return<
  (author: AuthorId) => Effect.Effect<Redacted.Redacted, TokenRefused | ServerUnreachable>,
  never,
  HttpClient.HttpClient
> {
  const client = yield* HttpApiClient.make(DevelopmentTokenApi, { baseUrl: url })
  const tokens = yield* Cache.makeWith(
    (sub: AuthorId) =>
      client.development.token({ payload: { sub } }).pipe(
        Effect.map(({ body }) => Redacted.make(body.token)),
        Effect.mapError((error) =>
          isUnanswered(error)
            ? new ServerUnreachable({ url })
            : new TokenRefused({ message: `${url} gave no development token for ${sub}: ${error.message}` })
        )
      ),
    // A token that could not be had now may be had in a moment.
    { capacity: 10_000, timeToLive: (exit) => Exit.isSuccess(exit) ? Duration.infinity : Duration.zero }
  )
  return (author) => Cache.get(tokens, author)
})
