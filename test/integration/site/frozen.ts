import { Effect } from "effect"
import { spawn } from "node:child_process"
import { processes } from "./processTable.ts"

// It wakes them when its standard input ends: that is when the scope is over, or this process, be it by SIGKILL. Nobody could
// end them otherwise.
const script = `
  trap '' INT TERM HUP
  kill -STOP "$@"
  echo frozen
  cat > /dev/null
  kill -CONT "$@"
`

/** Whether there are processes, and all of them stand still. */
export const areFrozen = (pids: ReadonlyArray<number>) =>
  Effect.map(processes, (all) => {
    const own = all.filter(({ pid }) => pids.includes(pid))
    return own.length > 0 && own.every(({ isStopped }) => isStopped)
  })

/** Freezes processes until the scope ends: they stay as they are, hold their connections, and say nothing. */
export const frozen = (pids: ReadonlyArray<number>) =>
  Effect.acquireRelease(
    Effect.callback<Effect.Effect<void>>((resume) => {
      const keeper = spawn("sh", ["-c", script, "sh", ...pids.map(String)], {
        detached: true,
        stdio: ["pipe", "pipe", "ignore"]
      })
      const thaw = Effect.callback<void>((resume) => {
        if (keeper.exitCode !== null) return resume(Effect.void)
        keeper.once("exit", () => resume(Effect.void))
        keeper.stdin.end()
      })
      keeper.stdout.once("data", () => resume(Effect.succeed(thaw)))
    }),
    (thaw) => thaw
  ).pipe(Effect.asVoid)
