import { Effect } from "effect"
import { join } from "node:path"
import { CheckFailed } from "./CheckFailed.ts"
import { project } from "./folders.ts"
import { Tools } from "./toolProcess.ts"

// A program in shell says so in its first line, whatever its name is.
const shebang = "^#!.*\\b(ba|da|k|z)?sh\\b"

/** All programs in shell that the project has. */
const shellPrograms = Effect.gen(function*() {
  const { run } = yield* Tools
  const options = ["grep", "--files-with-matches", "--untracked", "--extended-regexp", "-e", shebang]
  const { output } = yield* run({ command: "git", arguments: [...options, "--", ":!*.md", ":!*.ts", ":!*.nix"] })
  const found = output.split("\n").filter((path) => path !== "")
  if (found.length > 0) return found
  return yield* new CheckFailed({ message: `git finds no shell programs, not even .ci/run, in ${project}` })
})

/** Has bash read each program in shell, and shellcheck judge it. */
export const checkShell = Effect.fn("checkShell")(function*(lintPrograms: string) {
  const { pass } = yield* Tools
  const programs = yield* shellPrograms
  yield* Effect.forEach(programs, (program) => pass({ command: "bash", arguments: ["-n", program] }), { discard: true })
  yield* pass({ command: join(lintPrograms, "shellcheck"), arguments: programs })
  return programs.length
})
