import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { printable } from "../../platform/printable.ts"

const safe = (part: unknown): unknown => typeof part === "string" ? printable(part) : part

/**
 * Whatever the program prints may hold what others wrote, and may be read in a terminal, which takes control characters for
 * commands: they are shown, not obeyed.
 */
export const printing = <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Console.Console, (console) =>
    Effect.provideService(program, Console.Console, {
      ...console,
      log: (...parts) => console.log(...parts.map(safe)),
      error: (...parts) => console.error(...parts.map(safe))
    }))
