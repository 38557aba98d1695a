import { Effect, FileSystem } from "effect"
import { createHash } from "node:crypto"
import { join } from "node:path"
import { CheckFailed } from "./CheckFailed.ts"
import { infraFolder, project } from "./folders.ts"
import { Tools } from "./toolProcess.ts"

/** The environments, each by the name of its file in `test/infra/requirements`. What is in one must agree on its versions. */
export type Environment = "sam" | "lint" | "checkov" | "fuzz"

const howToGetPython = (minor: number) =>
  `What checks here is Python's, and needs "python3" on the PATH, 3.${minor} or later, with its ` +
  `module venv. Install it ("apt-get install python3-venv", "brew install python"), or enter the shell of flake.nix.`

// Prints the version, if all that an environment takes is there.
const askVersion = (minor: number) =>
  `import sys, ensurepip, venv; print(*sys.version_info[:3], sep='.'); sys.exit(sys.version_info < (3, ${minor}))`

/** The version of the Python that environments are made with, which must be 3 with at least this minor version. */
export const findPythonFrom = Effect.fn("findPythonFrom")(function*(minor: number) {
  const { run } = yield* Tools
  const { exitCode, output } = yield* run({ command: "python3", arguments: ["-c", askVersion(minor)] }).pipe(
    Effect.mapError(({ message }) => new CheckFailed({ message: `${message}\n${howToGetPython(minor)}` }))
  )
  if (exitCode === 0) return output.trim()
  return yield* new CheckFailed({ message: `${output.trim()}\n${howToGetPython(minor)}` })
})

/** The version of the Python that reads the templates. */
export const findPython = findPythonFrom(10)

/**
 * The folder with the programs of an environment that has exactly what its requirements say. It is made in
 * `.infra/python`, and used again as long as neither the requirements nor the Python change.
 */
export const makeEnvironment = Effect.fn("makeEnvironment")(function*(name: Environment, python: string) {
  const { pass } = yield* Tools
  const files = yield* FileSystem.FileSystem
  const requirements = join(project, "test/infra/requirements", `${name}.txt`)
  const folder = join(infraFolder, "python", name)
  const programs = join(folder, "bin")
  const seal = join(folder, "made-from")
  const made = yield* Effect.gen(function*() {
    const wanted = createHash("sha256").update(yield* files.readFileString(requirements)).digest("hex")
    const description = `${wanted} Python ${python}\n`
    const present = yield* files.readFileString(seal).pipe(Effect.orElseSucceed(() => ""))
    return { description, isPresent: present === description }
  }).pipe(Effect.mapError(({ message }) => new CheckFailed({ message })))
  if (made.isPresent) return { programs, isNew: false }

  yield* pass({ command: "python3", arguments: ["-m", "venv", "--clear", folder] })
  // Compiled when it is first imported: most of it never is.
  const options = ["--require-virtualenv", "--no-deps", "--no-compile", "--no-input", "--disable-pip-version-check"]
  yield* pass({
    command: join(programs, "python"),
    arguments: ["-m", "pip", "install", "--quiet", ...options, "--requirement", requirements]
  })
  yield* files.writeFileString(seal, made.description).pipe(
    Effect.mapError(({ message }) => new CheckFailed({ message }))
  )
  return { programs, isNew: true }
})
