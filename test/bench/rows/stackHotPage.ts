import { Effect, Schema } from "effect"
import { Redis } from "ioredis"
import { randomUUID } from "node:crypto"
import { answerFailure } from "../bare/answerJson.ts"
import { getRequest } from "../load/httpRequest.ts"
import { defineRow } from "../Row.ts"
import { Answer, readAnswer } from "../subject/hotAnswer.ts"
import { commitsOn } from "../work/commits.ts"

const path = "/pictures/hot/comments"

/**
 * Everybody reads the same page, 20 comments in about 5 KB, from the query service, which has it in Redis. Requests that
 * come in the same turn of its event loop share one look there; those of the twin don't.
 *
 * The twin gets the very same bytes from the same Redis for every request, by ioredis' `GET` on one connection with the
 * defaults, and answers with `writeHead` of the same headers (the one X-Request-Id again and again) and `end` of them.
 */
export const row = defineRow({
  name: "stack-hot-page",
  title: "stack: hot page read",
  aim: 0.95,
  expectedStatus: 200,
  material: Schema.Struct({ ...Answer.fields, redis: Schema.String }),
  start: ({ pinning, profiles }) =>
    Effect.flatMap(
      Effect.promise(() => import("../stack/querySide.ts")),
      ({ startQueryService }) =>
        startQueryService(
          pinning,
          commitsOn("hot", 20),
          profiles === undefined ? undefined : `${profiles}/stack-hot-page`
        )
    ),
  prepare: (subject) =>
    Effect.map(readAnswer(`${subject.origin}${path}`), (answer) => ({
      ...answer,
      redis: subject.engines?.["redis"] ?? ""
    })),
  requests: () => {
    const request = getRequest(path)
    return () => request
  },
  twin: async ({ bodyBase64, headers, redis: url }) => {
    const redis = new Redis(url, { enableReadyCheck: true })
    const key = `bare:${randomUUID()}`
    await redis.set(key, Buffer.from(bodyBase64, "base64"))
    return {
      listener: (_, response) => {
        redis.getBuffer(key).then((body) => response.writeHead(200, headers).end(body)).catch(answerFailure(response))
      }
    }
  }
})
