import { Console, Effect, Random } from "effect"
import { Agent, request } from "node:http"
import { fileURLToPath } from "node:url"
import { BenchError } from "../BenchError.ts"
import { startServer } from "../servers/startServer.ts"
import { wideLimits } from "../servers/wideLimits.ts"
import { withBenchClient } from "../subject/BenchClient.ts"
import { usualText } from "../subject/drafts.ts"
import type { VisibilityReport } from "./VisibilityReport.ts"

/** As `--rows` names it. */
export const visibilityName = "visibility"

const program = fileURLToPath(new URL("../../../src/programs/stack.ts", import.meta.url))

const posts = 150
const warmUp = 30
const pollInterval = 200

interface Reply {
  readonly status: number
  readonly location: string
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 })

const send = (origin: string, method: string, path: string, headers: Record<string, string>, body = "") =>
  new Promise<Reply>((resolve, reject) => {
    const outgoing = request(`${origin}${path}`, {
      agent,
      method,
      headers: body === "" ? headers : { ...headers, "content-length": Buffer.byteLength(body) }
    }, (answer) => {
      answer.resume().once("end", () => {
        resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? "" })
      })
    })
    outgoing.once("error", reject)
    outgoing.end(body)
  })

/** From the answer to a post to the first answer that shows the comment, in ms; asked for again and again, without a token. */
const untilVisible = async (origin: string, token: string, number: number): Promise<number> => {
  const { location, status } = await send(
    origin,
    "POST",
    "/pictures/visible/comments",
    { authorization: `Bearer ${token}`, "content-type": "application/json" },
    JSON.stringify({ text: usualText(number) })
  )
  if (status !== 201) throw new Error(`a post was answered with ${status}`)
  const answered = performance.now()
  const look = async (): Promise<number> => {
    const { status } = await send(origin, "GET", location, {})
    const time = performance.now() - answered
    if (status === 200) return time
    if (time > 30_000) throw new Error("a comment wasn't visible after 30 s")
    return look()
  }
  return look()
}

// One comment after the other, each a random part of the poller's interval after the one before.
const measureOne = Effect.fnUntraced(function*(origin: string, token: string, number: number) {
  const part = yield* Random.next
  return yield* Effect.tryPromise({
    try: () => untilVisible(origin, token, number),
    catch: (error) => new BenchError({ message: `visibility: ${String(error)}` })
  }).pipe(Effect.delay(part * pollInterval))
})

const reportOf = (times: ReadonlyArray<number>): VisibilityReport => {
  const sorted = times.toSorted((one, other) => one - other)
  const quantile = (part: number): number => sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN
  return { posts, p50: quantile(0.5), p99: quantile(0.99), max: quantile(1), pollInterval }
}

/** Starts the stack, unpinned, and looks how soon what is posted through its entry can be seen through it. */
export const measureVisibility = Effect.gen(function*() {
  yield* Console.error("visibility  starting")
  const stack = yield* startServer({
    name: "The stack",
    prefix: [],
    nodeArguments: [program],
    environment: { ...wideLimits, LOG_LEVEL: "warn", POLL_INTERVAL: `${pollInterval} millis` }
  })
  const token = yield* withBenchClient(stack, (client) => client.token("author-0"))
  const times = yield* Effect.forEach(
    Array.from({ length: warmUp + posts }, (_, number) => number),
    (number) => measureOne(stack.origin, token, number)
  )
  return reportOf(times.slice(warmUp))
}).pipe(Effect.scoped)
