import { Effect, FileSystem } from "effect"
import { join } from "node:path"
import { CheckFailed } from "../check/CheckFailed.ts"
import { infraFolder } from "../check/folders.ts"
import { Tools } from "../check/toolProcess.ts"

const folder = join(infraFolder, "nix")
const unpacked = join(folder, "root")

/** How Nix is started: the program that evaluates, and where it finds its libraries. */
export interface Nix {
  readonly command: string
  readonly environment: Readonly<Record<string, string>>
  readonly origin: string
}

// Nix looks for a group of build users, and nothing is built.
const quiet = { NIX_CONFIG: "build-users-group =" }

const onPath: Nix = { command: "nix-instantiate", environment: quiet, origin: "the PATH's" }

/** Package lists of its own, which need no root, for a machine that has none or old ones. */
const ownLists = ["-o", `Dir::State::Lists=${folder}/lists`, "-o", `Dir::Cache=${folder}/cache`]

/** The packages that this machine lacks for Nix, of those that Debian has. Nothing is installed. */
const lackingPackages = Effect.fnUntraced(function*(options: ReadonlyArray<string>) {
  const { pass } = yield* Tools
  const output = yield* pass({
    command: "apt-get",
    arguments: [...options, "install", "--simulate", "--no-install-recommends", "nix-bin"]
  })
  return [...output.matchAll(/^Inst (\S+)/gm)].flatMap(([, name]) => name === undefined ? [] : [name])
})

/** Debian's Nix, unpacked into `.infra/nix`: not installed, so it needs no root. It is downloaded once. */
const debian = Effect.gen(function*() {
  const { pass } = yield* Tools
  const files = yield* FileSystem.FileSystem
  const command = join(unpacked, "usr/bin/nix-instantiate")
  if (!(yield* files.exists(command))) {
    const downloads = join(folder, "packages")
    for (const part of [downloads, unpacked, `${folder}/lists/partial`, `${folder}/cache/archives/partial`]) {
      yield* files.makeDirectory(part, { recursive: true })
    }
    const download = (options: ReadonlyArray<string>) =>
      Effect.flatMap(
        lackingPackages(options),
        (names) => pass({ command: "apt-get", arguments: [...options, "download", ...names], folder: downloads })
      )
    yield* download([]).pipe(
      Effect.catchTag(
        "CheckFailed",
        () => pass({ command: "apt-get", arguments: [...ownLists, "update"] }).pipe(Effect.andThen(download(ownLists)))
      )
    )
    for (const name of yield* files.readDirectory(downloads)) {
      yield* pass({ command: "dpkg-deb", arguments: ["--extract", join(downloads, name), unpacked] })
    }
  }
  const libraries = join(unpacked, "usr/lib")
  const folders = (yield* files.readDirectory(libraries)).map((name) => join(libraries, name))
  const nix: Nix = { command, environment: { ...quiet, LD_LIBRARY_PATH: folders.join(":") }, origin: "Debian's" }
  return nix
}).pipe(Effect.catchTag("PlatformError", ({ message }) => Effect.fail(new CheckFailed({ message }))))

/** A Nix that runs: the one of the PATH, or else Debian's. Answers with its version, too. */
export const findNix = Effect.gen(function*() {
  const { pass } = yield* Tools
  const versionOf = (nix: Nix) =>
    Effect.map(
      pass({ command: nix.command, arguments: ["--version"], environment: nix.environment }),
      (output) => ({ nix, version: output.trim() })
    )
  return yield* versionOf(onPath).pipe(
    Effect.catchTag("CheckFailed", () => Effect.flatMap(debian, versionOf)),
    Effect.mapError(({ message }) =>
      new CheckFailed({
        message: `There is no Nix: "nix-instantiate" isn't on the PATH, and Debian's nix-bin can't be had:\n${message}`
      })
    )
  )
})
