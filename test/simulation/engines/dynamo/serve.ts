import { type Context, Effect, Result } from "effect"
import type { Process } from "../../kernel/Process.ts"
import type { Fate } from "./fates.ts"
import { connectionReset, throttled, timedOut } from "./serviceErrors.ts"

/** What a client fails with that hears of no outcome. */
export const failures = { throttled, "connection reset": connectionReset, "timed out": timedOut } as const

// Without any time to take, others get their turn all the same: who only ever waits for promises would leave them none.
export const pause = (milliseconds: number) => milliseconds > 0 ? Effect.sleep(milliseconds) : Effect.yieldNow

/**
 * Lets a request meet its fate. Nobody takes it back: it is carried out whatever becomes of its sender, who hears of it only
 * while it is alive.
 */
export const serve = <A>(
  { answer, answers, lands }: Fate,
  perform: () => A,
  process: Process,
  services: Context.Context<never>
): Promise<A> =>
  new Promise((resolve, reject) => {
    const attempt = Effect.sync(() => Result.try({ try: perform, catch: (error) => error }))
    const tell = (outcome: Result.Result<A, unknown> | null) => {
      if (!process.isAlive) return
      if (answer !== "outcome") reject(failures[answer]())
      else if (outcome !== null) Result.match(outcome, { onSuccess: resolve, onFailure: reject })
    }
    const request = Effect.gen(function*() {
      const landsFirst = lands !== null && lands <= answers
      if (landsFirst) yield* pause(lands)
      const outcome = landsFirst ? yield* attempt : null
      yield* pause(landsFirst ? answers - lands : answers)
      tell(outcome)
      if (lands === null || landsFirst) return
      yield* pause(lands - answers)
      yield* attempt
    })
    if (process.isAlive) Effect.runForkWith(services)(request)
  })
