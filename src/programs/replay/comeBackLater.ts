import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"

/** Longer than this nobody waits for a server that says when to come back. */
const longestPause = Duration.minutes(15)

// RFC 9110, section 10.2.3. The server here tells seconds, never a date.
const pauseAfter = ({ headers, status }: HttpClientResponse): Duration.Duration | undefined => {
  const told = headers["retry-after"]
  if (status !== 429 || told === undefined || !/^\d{1,6}$/.test(told)) return undefined
  const pause = Duration.seconds(Number(told))
  return Duration.isLessThanOrEqualTo(pause, longestPause) ? pause : undefined
}

/** A client that comes back when a server says that it has sent too much, as often as it is told so. */
export const comeBackLater: (client: HttpClient.HttpClient) => HttpClient.HttpClient = HttpClient.transformResponse(
  (attempt) => {
    const again: typeof attempt = Effect.flatMap(attempt, (response) => {
      const pause = pauseAfter(response)
      return pause === undefined ? Effect.succeed(response) : Effect.delay(again, pause)
    })
    return again
  }
)
