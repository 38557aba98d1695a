import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import process from "node:process"
import type { LambdaContext } from "./StreamEvent.ts"

// What is written to standard error has arrived once this returns.
const flush = Effect.callback<void>((resume) => {
  process.stderr.write("", () => resume(Effect.void))
})

/**
 * Runs one invocation. Each line of its log names the request, and has arrived when the promise is settled: after that the
 * Lambda is frozen.
 */
export const runInvocation = <A, E>(
  invocation: Effect.Effect<A, E>,
  { awsRequestId }: LambdaContext,
  logging: Layer.Layer<never>
): Promise<A> =>
  Effect.runPromise(
    invocation.pipe(
      Effect.ensuring(flush),
      Effect.annotateLogs({ requestId: awsRequestId }),
      Effect.provide(logging)
    )
  )
