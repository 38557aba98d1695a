import { Effect, FileSystem, Schema } from "effect"
import { join } from "node:path"
import { CheckFailed } from "./CheckFailed.ts"
import { project } from "./folders.ts"
import { Tools } from "./toolProcess.ts"

/** The fewest words that can be a reason. */
const fewestWords = 4

const Finding = Schema.Struct({
  check_id: Schema.String,
  check_name: Schema.String,
  file_path: Schema.String,
  file_line_range: Schema.Tuple([Schema.Int, Schema.Int]),
  resource: Schema.String
})
type Finding = typeof Finding.Type

const Report = Schema.Struct({
  check_type: Schema.String,
  results: Schema.Struct({
    failed_checks: Schema.Array(Finding),
    skipped_checks: Schema.Array(Finding),
    parsing_errors: Schema.Array(Schema.String)
  }),
  summary: Schema.Struct({ passed: Schema.Int })
})

const decodeReports = Schema.decodeEffect(
  Schema.fromJsonString(Schema.Union([Schema.Array(Report), Report]))
)

/** A finding that a comment tells checkov to pass over. */
interface Suppression {
  readonly file: string
  readonly line: number
  readonly check: string
  readonly reason: string
}

const suppressionsIn = (file: string, text: string): ReadonlyArray<Suppression> =>
  text.split("\n").flatMap((line, place) => {
    const [, check, reason = ""] = /checkov:skip=(\w+)(?::(.*))?$/.exec(line) ?? []
    return check === undefined ? [] : [{ file, line: place + 1, check, reason: reason.trim() }]
  })

const isUsed = ({ check, file, line }: Suppression, skipped: ReadonlyArray<Finding>): boolean =>
  skipped.some(({ check_id, file_line_range: [first, last], file_path }) =>
    check_id === check && file === `infra${file_path}` && first <= line && line <= last
  )

const place = ({ check_id, check_name, file_line_range, file_path, resource }: Finding): string =>
  `infra${file_path}:${file_line_range[0]} ${resource}\n  ${check_id}: ${check_name}`

/**
 * Runs checkov on all of `infra`. Whatever it finds is a failure, unless a comment within the resource says why it is as it
 * should be; and so is such a comment without a reason, or one that suppresses nothing.
 */
export const checkPolicies = Effect.fn("checkPolicies")(function*(checkovPrograms: string) {
  const { run } = yield* Tools
  const files = yield* FileSystem.FileSystem
  const frameworks = ["cloudformation", "dockerfile", "secrets"]
  const { output } = yield* run({
    command: join(checkovPrograms, "checkov"),
    arguments: ["--directory", "infra", "--framework", ...frameworks, "--skip-download", "--output", "json"]
  })
  const decoded = yield* decodeReports(output).pipe(
    Effect.mapError(() => new CheckFailed({ message: `checkov gives no report:\n${output.slice(-4000)}` }))
  )
  const reports = [decoded].flat()
  const failed = reports.flatMap(({ results }) => results.failed_checks).map(place)
  const unreadable = reports.flatMap(({ results }) => results.parsing_errors)
  const skipped = reports.flatMap(({ results }) => results.skipped_checks)

  const names = (yield* files.readDirectory(join(project, "infra"))).filter((name) => /\.yaml$|^Dockerfile/.test(name))
  const suppressions = yield* Effect.forEach(
    names,
    (name) =>
      Effect.map(files.readFileString(join(project, "infra", name)), (text) => suppressionsIn(`infra/${name}`, text))
  )
  const unfounded = suppressions.flat().flatMap((suppression) => {
    const { check, file, line, reason } = suppression
    if (reason.split(/\s+/).length < fewestWords) return [`${file}:${line} ${check} is suppressed without a reason`]
    return isUsed(suppression, skipped) ? [] : [`${file}:${line} ${check} is suppressed where it finds nothing`]
  })
  const faults = [...unreadable.map((file) => `${file} can't be read`), ...failed, ...unfounded]
  if (faults.length > 0) return yield* new CheckFailed({ message: faults.join("\n") })
  const passed = reports.reduce((sum, { summary }) => sum + summary.passed, 0)
  return { passed, suppressed: skipped.length }
}, Effect.catchTag("PlatformError", ({ message }) => Effect.fail(new CheckFailed({ message }))))
