import { Clock, Effect } from "effect"
import type { Program, programStarts } from "../../../src/programs/stack/programs.ts"
import { processes, signal, untilGone } from "./processTable.ts"
import { makeRestartable } from "./restartable.ts"

/** Starts one of the site's programs; `moved` is told where it is, each time that it has been started. */
export const makeProgram = Effect.fnUntraced(function*(
  start: ReturnType<typeof programStarts>[Program],
  moved: (url: string) => void
) {
  const running = yield* makeRestartable(
    Effect.flatMap(start, (program) =>
      Effect.map(processes, (all) => ({
        ...program,
        startBytes: all.find(({ pid }) => pid === program.pid)?.residentBytes ?? 0
      })))
  )
  const move = Effect.sync(() => moved(running.current().url))
  yield* move
  return {
    management: () => running.current().management,
    pid: () => running.current().pid,
    /** What its process had in memory once it served. */
    startBytes: () => running.current().startBytes,
    /** Ends its process at once by SIGKILL. */
    kill: Effect.suspend(() => {
      const { pid } = running.current()
      return Effect.andThen(signal([pid], "SIGKILL"), untilGone([pid]))
    }),
    restart: Effect.andThen(running.restart, move),
    /**
     * Starts another, then has everybody go to it and tells the old one to end: `midst` does that in the midst of something.
     * Gives when it was told, in milliseconds, and the code with which it has ended.
     */
    replaced: Effect.fnUntraced(function*(midst: (moved: Effect.Effect<number>) => Effect.Effect<number>) {
      const { end, old } = yield* running.replace
      const told = yield* midst(
        Effect.andThen(move, Effect.andThen(signal([old.pid], "SIGTERM"), Clock.currentTimeMillis))
      )
      const code = yield* old.ended
      yield* end
      return { told, code }
    })
  }
})

/** A program that can be killed, started again, and replaced as a deployment does. */
export type SiteProgram = Effect.Success<ReturnType<typeof makeProgram>>
