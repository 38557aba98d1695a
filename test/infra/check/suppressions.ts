/** The fewest words that can be a reason. */
const fewestWords = 4

/** What checkov found, and was told to pass over. */
export interface SkippedFinding {
  readonly check: string
  readonly resource: string
  /** The path from the project's folder. */
  readonly file: string
  /** The first and the last line of the resource. */
  readonly lines: readonly [first: number, last: number]
  /** What checkov takes for the reason. */
  readonly reason: string
}

/** A comment that tells checkov to pass over a finding. */
interface Suppression {
  readonly file: string
  readonly line: number
  readonly check: string
  readonly reason: string
}

const suppressionsIn = ([file, text]: readonly [file: string, text: string]): ReadonlyArray<Suppression> =>
  text.split("\n").flatMap((line, place) => {
    const [, check, reason = ""] = /#\s*checkov:skip=(\w+)(?::(.*))?$/.exec(line) ?? []
    return check === undefined ? [] : [{ file, line: place + 1, check, reason: reason.trim() }]
  })

const isReason = (text: string): boolean => text.split(/\s+/).filter((word) => word !== "").length >= fewestWords

const isOf = ({ check, file, line }: Suppression, finding: SkippedFinding): boolean =>
  check === finding.check && file === finding.file && finding.lines[0] <= line && line <= finding.lines[1]

/**
 * What is wrong with what checkov passed over. Each finding needs a comment within its resource that names the one check and
 * gives a reason, and each such comment a finding. Whatever else silences checkov, such as a resource's metadata, is no
 * comment, so that its findings are told here.
 */
export const unfoundedSuppressions = (
  files: ReadonlyArray<readonly [file: string, text: string]>,
  skipped: ReadonlyArray<SkippedFinding>
): ReadonlyArray<string> => {
  const suppressions = files.flatMap(suppressionsIn)
  return [
    ...suppressions.filter((one) => !skipped.some((finding) => isOf(one, finding))).map(({ check, file, line }) =>
      `${file}:${line} ${check} is suppressed where it finds nothing`
    ),
    ...skipped.flatMap((finding) => {
      const { check, file, lines, reason, resource } = finding
      const named = `${file}:${lines[0]} ${resource}: ${check}`
      if (!suppressions.some((one) => isOf(one, finding))) {
        return [`${named} is suppressed otherwise than by a comment of the form "# checkov:skip=${check}:<reason>"`]
      }
      return isReason(reason) ? [] : [`${named} is suppressed without a reason`]
    })
  ]
}

/** The resources whose metadata speak to checkov: what they suppress where nothing is found, no report would tell. */
export const speakingMetadata = (
  file: string,
  resources: Readonly<Record<string, { readonly Metadata?: Readonly<Record<string, unknown>> }>>
): ReadonlyArray<string> =>
  Object.entries(resources).flatMap(([name, { Metadata = {} }]) =>
    ["checkov", "bridgecrew"].filter((key) => key in Metadata).map((key) =>
      `${file} ${name}: what ${key} shall pass over is said by a comment, not by metadata`
    )
  )
