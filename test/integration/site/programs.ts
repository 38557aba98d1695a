import { Effect } from "effect"
import type { Program, programStarts } from "../../../src/programs/stack/programs.ts"
import { signal, untilGone } from "./processTable.ts"
import { makeRestartable } from "./restartable.ts"

/** Starts one of the site's programs; `moved` is told where it is, each time that it has been started. */
export const makeProgram = Effect.fnUntraced(function*(
  start: ReturnType<typeof programStarts>[Program],
  moved: (url: string) => void
) {
  const told = Effect.tap(start, ({ url }) => Effect.sync(() => moved(url)))
  const running = yield* makeRestartable(told)
  return {
    management: () => running.current().management,
    pid: () => running.current().pid,
    /** Ends its process at once by SIGKILL. */
    kill: Effect.suspend(() => {
      const { pid } = running.current()
      return Effect.andThen(signal([pid], "SIGKILL"), untilGone([pid]))
    }),
    restart: running.restart,
    /** Starts another, has everybody go to it, and tells the old one to end. Gives the code with which it has. */
    hasReplaced: Effect.gen(function*() {
      const { end, old } = yield* running.replace
      yield* signal([old.pid], "SIGTERM")
      const code = yield* old.ended
      yield* end
      return code
    })
  }
})

/** A program that can be killed, started again, and replaced as a deployment does. */
export type SiteProgram = Effect.Success<ReturnType<typeof makeProgram>>
