import { Effect, Schema } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { inject } from "vitest"

/** An engine could not be had; `message` is a sentence that says why. */
export class EngineUnavailable extends Schema.TaggedError<EngineUnavailable>()("EngineUnavailable", {
  message: Schema.String
}) {}

/** Where the engine is; starts it, if no suite of this run has asked for it before. */
export const ask = (
  engine: "postgres" | "embedded" | "dynoxide" | "dynamodb-local" | "redis" | "lambdas" | "services"
) =>
  HttpClient.get(`${inject("engines").address}/${engine}`).pipe(
    Effect.flatMap((response) => Effect.map(response.text, (body) => ({ body, found: response.status === 200 }))),
    Effect.mapError((error) => new EngineUnavailable({ message: error.message })),
    Effect.flatMap(({ body, found }) =>
      found ? Effect.succeed(body) : Effect.fail(new EngineUnavailable({ message: body }))
    ),
    Effect.provide(FetchHttpClient.layer)
  )
