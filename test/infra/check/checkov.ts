import { Effect, FileSystem, Schema } from "effect"
import { join } from "node:path"
import { readTemplate, templateNames } from "../template.ts"
import { CheckFailed } from "./CheckFailed.ts"
import { project } from "./folders.ts"
import { type SkippedFinding, speakingMetadata, unfoundedSuppressions } from "./suppressions.ts"
import { Tools } from "./toolProcess.ts"

const Finding = Schema.Struct({
  check_id: Schema.String,
  check_name: Schema.String,
  file_path: Schema.String,
  file_line_range: Schema.Tuple([Schema.Int, Schema.Int]),
  resource: Schema.String,
  check_result: Schema.Struct({ suppress_comment: Schema.optionalKey(Schema.NullOr(Schema.String)) })
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

const place = ({ check_id, check_name, file_line_range, file_path, resource }: Finding): string =>
  `infra${file_path}:${file_line_range[0]} ${resource}\n  ${check_id}: ${check_name}`

const skippedFinding = (
  { check_id, check_result, file_line_range, file_path, resource }: Finding
): SkippedFinding => ({
  check: check_id,
  resource,
  file: `infra${file_path}`,
  lines: file_line_range,
  reason: check_result.suppress_comment ?? ""
})

/**
 * Runs checkov on all of `infra`. Whatever it finds is a failure, unless a comment within the resource says why it is as it
 * should be; and so is such a comment without a reason, one that suppresses nothing, and whatever else suppresses something.
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
  const texts = yield* Effect.forEach(
    names,
    (name) => Effect.map(files.readFileString(join(project, "infra", name)), (text) => [`infra/${name}`, text] as const)
  )
  const faults = [
    ...unreadable.map((file) => `${file} can't be read`),
    ...failed,
    ...templateNames.flatMap((name) => speakingMetadata(`infra/${name}.yaml`, readTemplate(name).Resources)),
    ...unfoundedSuppressions(texts, skipped.map(skippedFinding))
  ]
  if (faults.length > 0) return yield* new CheckFailed({ message: faults.join("\n") })
  const passed = reports.reduce((sum, { summary }) => sum + summary.passed, 0)
  return { passed, suppressed: skipped.length }
}, Effect.catchTag("PlatformError", ({ message }) => Effect.fail(new CheckFailed({ message }))))
