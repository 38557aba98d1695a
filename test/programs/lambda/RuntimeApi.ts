import { Deferred, Effect, Queue, Schema, type Scope } from "effect"
import { randomUUID } from "node:crypto"
import type { ServerResponse } from "node:http"
import { text } from "node:stream/consumers"
import { serve } from "../../support/serve.ts"

// The process that an invocation is for has the real clock, whatever clock a test has.
const realTime = (): number => Date.now()

/** The function failed: at its start, or with an invocation. */
export class FunctionFailed extends Schema.TaggedError<FunctionFailed>()("FunctionFailed", {
  during: Schema.Literals(["init", "invocation"]),
  errorType: Schema.String,
  errorMessage: Schema.String
}) {}

const Failure = Schema.fromJsonString(Schema.Struct({ errorType: Schema.String, errorMessage: Schema.String }))

const failure = (during: FunctionFailed["during"], body: string) =>
  Effect.flatMap(
    Effect.orDie(Schema.decodeEffect(Failure)(body)),
    (said) => Effect.fail(new FunctionFailed({ during, ...said }))
  )

/** An invocation that waits for the function, or that the function is at. */
interface Invocation {
  readonly id: string
  readonly event: unknown
  readonly deadline: number
  readonly outcome: Deferred.Deferred<unknown, FunctionFailed>
}

/** Lambda's side of the interface between Lambda and a function's process. */
export interface RuntimeApi {
  /** Host and port, as the process finds it in `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string
  /** Invokes the function with an event, which it has so many milliseconds for, and gives what it answers. */
  readonly invoke: (event: unknown, timeLimit: number) => Effect.Effect<unknown, FunctionFailed>
}

/**
 * A local implementation of Lambda's Runtime API, until the scope ends.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export const serveRuntimeApi: Effect.Effect<RuntimeApi, never, Scope.Scope> = Effect.gen(function*() {
  const run = Effect.runForkWith(yield* Effect.context())
  const waiting = yield* Queue.unbounded<Invocation>()
  const begun = new Map<string, Invocation>()
  const start = yield* Deferred.make<never, FunctionFailed>()

  const next = (response: ServerResponse) =>
    Effect.map(Queue.take(waiting), (invocation) => {
      begun.set(invocation.id, invocation)
      response.writeHead(200, {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": invocation.id,
        "Lambda-Runtime-Deadline-Ms": String(invocation.deadline),
        "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:marginalia",
        "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1"
      }).end(JSON.stringify(invocation.event))
    })

  const report = Effect.fnUntraced(function*(url: string, body: string) {
    if (url.endsWith("/runtime/init/error")) return yield* Deferred.complete(start, failure("init", body))
    const [, id, kind] = /\/runtime\/invocation\/([^/]+)\/(response|error)$/.exec(url) ?? []
    const invocation = begun.get(id ?? "")
    if (invocation === undefined) return false
    begun.delete(invocation.id)
    return yield* Deferred.complete(
      invocation.outcome,
      kind === "error" ? failure("invocation", body) : Effect.sync((): unknown => JSON.parse(body))
    )
  })

  const { url } = yield* serve((request, response) => {
    const { method, url = "" } = request
    if (method === "GET" && url === "/2018-06-01/runtime/invocation/next") {
      run(next(response))
    } else {
      run(
        Effect.promise(() => text(request)).pipe(
          Effect.flatMap((body) => report(url, body)),
          Effect.map((isKnown) => response.writeHead(isKnown ? 202 : 403).end("{\"status\":\"OK\"}"))
        )
      )
    }
  })
  return {
    address: new URL(url).host,
    invoke: (event, timeLimit) =>
      Effect.gen(function*() {
        const outcome = yield* Deferred.make<unknown, FunctionFailed>()
        const deadline = realTime() + timeLimit
        yield* Queue.offer(waiting, { id: randomUUID(), event, deadline, outcome })
        return yield* Effect.raceFirst(Deferred.await(outcome), Deferred.await(start))
      })
  }
})
