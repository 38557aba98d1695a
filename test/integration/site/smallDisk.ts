import { Clock, Context, Effect, Layer, Schema } from "effect"
import { spawn, spawnSync } from "node:child_process"
import { closeSync, cpSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { guarded } from "../../../src/programs/stack/engines/engineProcess.ts"
import { developmentTokens } from "../../http/developmentTokens.ts"
import { Target } from "../../http/Target.ts"
import { frozen } from "./frozen.ts"

/** There is no small disk, or nothing runs on it; `message` says why. */
export class NoSmallDisk extends Schema.TaggedError<NoSmallDisk>()("NoSmallDisk", { message: Schema.String }) {}

/** Of the disk: what an empty database needs is 40 MB of it. */
export const megabytes = 100

// Whoever has the user namespaces of Linux may mount a disk that nobody else sees, without being root.
const unshare = ["-Urm", "sh", "-c", `mount -t tmpfs -o size=${megabytes}m tmpfs "$0" && exec "$@"`]

const sources = fileURLToPath(new URL("../../../src/programs/", import.meta.url))

/** Says why no small disk can be had here, if so. */
export const needsNamespaces = Effect.sync(() => {
  const { error, status, stderr } = spawnSync("unshare", [...unshare, "/tmp", "true"], { encoding: "utf8" })
  return status === 0 ? undefined : `No disk can be mounted for one program alone: ${error?.message ?? stderr.trim()}`
})

const emptyFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "marginalia-faults-disk-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

const start = Effect.fnUntraced(function*(folder: string) {
  const node = [process.execPath, "--import", `${sources}requireNode.mjs`, `${sources}standalone.ts`]
  const { child } = yield* Effect.acquireRelease(
    Effect.sync(() =>
      guarded(
        "standalone program",
        spawn("unshare", [...unshare, folder, ...node], {
          env: { ...process.env, PORT: "0", LOG_LEVEL: "none", DATA_DIR: join(folder, "data") },
          detached: true,
          stdio: ["ignore", "pipe", "inherit"]
        }),
        () => {}
      )
    ),
    ({ stop }) => stop
  )
  const url = yield* Effect.callback<string, NoSmallDisk>((resume) => {
    let printed = ""
    child.stdout.setEncoding("utf8").on("data", (text) => {
      printed += String(text)
      const [, url] = /listens on (http:\S+)/.exec(printed) ?? []
      if (url !== undefined) resume(Effect.succeed(url))
    })
    child.once("exit", () => resume(Effect.fail(new NoSmallDisk({ message: "The standalone program did not start." }))))
  })
  return { url, pid: child.pid ?? 0 }
})

/** Writes zeros until there is no room for one more. */
const fillUp = (path: string) => {
  const file = openSync(path, "w")
  const isWritten = (bytes: Uint8Array): boolean => {
    try {
      return writeSync(file, bytes) > 0
    } catch {
      return false
    }
  }
  for (const size of [2 ** 20, 2 ** 12, 1]) {
    const zeros = new Uint8Array(size)
    while (isWritten(zeros));
  }
  closeSync(file)
}

const make = Effect.gen(function*() {
  const folder = yield* emptyFolder
  const { pid, url } = yield* start(folder)
  // The program's disk, as it is seen from outside.
  const disk = join("/proc", String(pid), "root", folder)
  const filler = join(disk, "filler")
  return {
    target: Target.of({ url, token: yield* developmentTokens(url) }),
    pid,
    fill: Effect.sync(() => fillUp(filler)),
    makeRoom: Effect.sync(() => rmSync(filler)),
    /** The database as it lies on the disk at this moment, as whoever finds it after a crash; gone with the scope. */
    copyOfDatabase: Effect.gen(function*() {
      const copy = join(yield* emptyFolder, String(yield* Clock.currentTimeMillis))
      yield* Effect.scoped(
        Effect.andThen(
          frozen([pid]),
          Effect.sync(() => cpSync(join(disk, "data", "postgres"), copy, { recursive: true }))
        )
      )
      return copy
    })
  }
})

/** The standalone program with its data on a small disk of its own, which can be filled. */
export class SmallDisk
  extends Context.Service<SmallDisk, Effect.Success<typeof make>>()("marginalia/test/integration/SmallDisk")
{
  static readonly layer = Layer.effect(SmallDisk, make)
}
