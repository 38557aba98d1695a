import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"

const memory = "/dev/shm"
// Short: what lies there has sockets, too, whose paths may have no more than 103 bytes.
const prefix = "marginalia-"
const enough = 4 * 1024 ** 3

const hasRoom = (): boolean => {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize >= enough && process.availableMemory() >= 2 * enough
  } catch {
    return false
  }
}

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return Object(error).code === "ESRCH"
  }
}

// What a run left behind that was killed would take memory until the machine is started again.
const removeAbandoned = () => {
  for (const name of readdirSync(memory)) {
    const pid = Number(/^marginalia-(\d+)-/.exec(name)?.[1])
    if (pid > 0 && isGone(pid)) rmSync(join(memory, name), { recursive: true, force: true })
  }
}

// PostgreSQL may be copied there and run by somebody else, which a container's own mount often forbids.
const runsPrograms = (folder: string): boolean => {
  const script = join(folder, "probe")
  writeFileSync(script, "#!/bin/sh\n", { mode: 0o755 })
  const { status } = spawnSync(script)
  rmSync(script)
  return status === 0
}

/**
 * Until the scope ends, the temporary folder of this process, and of those that it starts, lies in memory, if the system has
 * such a place with room and nobody has said where temporary files go.
 *
 * The suites make and remove clusters of Postgres all the time, each of hundreds of files. On a disk's file system that is
 * most of the work of a test: ext4 looks long for an inode that nobody had a minute ago.
 */
export const useMemoryFolder = Effect.acquireRelease(
  Effect.sync(() => {
    if (process.env["TMPDIR"] !== undefined || !hasRoom()) return undefined
    removeAbandoned()
    const folder = mkdtempSync(join(memory, `${prefix}${process.pid}-`))
    // Root hands PostgreSQL over to somebody who must get there.
    chmodSync(folder, 0o755)
    if (runsPrograms(folder)) process.env["TMPDIR"] = folder
    return folder
  }),
  (folder) =>
    Effect.sync(() => {
      if (folder === undefined) return
      if (process.env["TMPDIR"] === folder) delete process.env["TMPDIR"]
      rmSync(folder, { recursive: true, force: true })
    })
)
