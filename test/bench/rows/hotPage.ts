import { Effect } from "effect"
import { getRequest } from "../load/httpRequest.ts"
import { defineRow } from "../Row.ts"
import { withBenchClient } from "../subject/BenchClient.ts"
import { draftsFor } from "../subject/drafts.ts"
import { Answer, readAnswer } from "../subject/hotAnswer.ts"

const path = "/pictures/hot/comments"

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
      Effect.andThen(readAnswer(`${subject.origin}${path}`))
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
