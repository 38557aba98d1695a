import { Clock, Console, Context, Effect } from "effect"
import { CheckFailed } from "./CheckFailed.ts"

/** When the check began, in milliseconds of the clock: each line tells the time since then. */
export const Begun = Context.Reference<number>("marginalia/test/infra/check/Begun", { defaultValue: () => 0 })

/** What a step has come to: a value for those that build on it, and what a person is told. */
export interface Outcome<A> {
  readonly value: A
  readonly said: string
}

/** A part of the check. However often its result is asked for, it is run, and told of, once. */
export interface Step<A, R = never> {
  readonly name: string
  readonly result: Effect.Effect<A, CheckFailed, R>
}

const tell = Effect.fnUntraced(function*(sign: string, line: string) {
  const seconds = ((yield* Clock.currentTimeMillis) - (yield* Begun)) / 1000
  yield* Console.log(`${seconds.toFixed(1).padStart(6)} s  ${sign}  ${line}`)
})

const indented = (text: string): string => text.split("\n").map((line) => `                ${line}`).join("\n")

/** A step that is run when what it needs is there; it fails without being run when that has failed. */
export const step = <Needs, A, R1, R2>(
  name: string,
  needs: Effect.Effect<Needs, CheckFailed, R1>,
  run: (needs: Needs) => Effect.Effect<Outcome<A>, CheckFailed, R2>
): Effect.Effect<Step<A, R1 | R2>> =>
  needs.pipe(
    Effect.mapError(() => new CheckFailed({ message: "What it needs has failed." })),
    Effect.tapError(() => tell("not run", `${name}: what it needs has failed`)),
    Effect.flatMap((needed) =>
      run(needed).pipe(Effect.tapError(({ message }) => tell("FAILED ", `${name}\n${indented(message)}`)))
    ),
    Effect.tap(({ said }) => tell("  ok   ", `${name}: ${said}`)),
    Effect.map(({ value }) => value),
    Effect.cached,
    Effect.map((result) => ({ name, result }))
  )
