import { Effect } from "effect"
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { availableParallelism } from "node:os"
import { delimiter, join } from "node:path"

/** Which processor cores the processes of a run are kept on. */
export interface Pinning {
  /** The rule as a sentence, for the report. */
  readonly sentence: string
  /** The command that runs another one on the server's core, or on the load generator's. */
  readonly prefix: (place: "server" | "load") => ReadonlyArray<string>
}

/** util-linux, taskset(1). */
const hasTaskset = (): boolean =>
  process.platform === "linux" &&
  (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, "taskset")))

/**
 * The server has core 0 to itself and the load generator core 1. Both threads of a server with an embedded database share
 * core 0, the standalone program's and its twin's alike: so requests/s say what one core does, all work for a request
 * included, and the load generator never competes with the database.
 */
export const choosePinning = (): Pinning => {
  if (availableParallelism() < 2) {
    return { sentence: "Nothing is pinned: there is only one core, which server and load share.", prefix: () => [] }
  }
  if (!hasTaskset()) {
    return { sentence: "Nothing is pinned: there is no taskset here.", prefix: () => [] }
  }
  return {
    sentence: "The server, with all its threads (so the embedded database's too), is pinned to core 0, the load " +
      "generator to core 1, and with it all engines that are processes of their own; it is the same for both sides.",
    prefix: (place) => ["taskset", "--cpu-list", place === "server" ? "0" : "1"]
  }
}

/**
 * Puts this process beside the load generator, and with it the engines that it starts from then on: they stay off the core
 * of whoever is measured.
 */
export const moveAside = (pinning: Pinning): Effect.Effect<void> =>
  Effect.sync(() => {
    const [taskset, , cores] = pinning.prefix("load")
    if (taskset !== undefined && cores !== undefined) {
      execFileSync(taskset, ["--all-tasks", "--cpu-list", "--pid", cores, String(process.pid)], { stdio: "ignore" })
    }
  })
