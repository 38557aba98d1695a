import { type Demand, shortcomings } from "./judge.ts"
import type { Driven } from "./schemathesis.ts"

// Where Schemathesis begins to say what it found: its errors, its failures with a curl line for each, and its summary.
const findings = /^=+ (?:ERRORS|FAILURES|WARNINGS|SUMMARY) =+$/m

/** The longest line that is shown: a case may send 100 KB, and what was printed is kept beside the report. */
const longest = 600

const shortenLine = (line: string): string =>
  line.length <= longest ? line : `${line.slice(0, longest)} … (${line.length} characters)`

// The tokens are long, and the same in all lines.
const shortened = (output: string): string =>
  output.replace(/Bearer eyJ[\w.-]+/g, "Bearer $TOKEN").split("\n").map(shortenLine).join("\n")

/** Why a run fails: what Schemathesis found, and what the run lacks. Nothing if it is as it must be. */
export const faultsOf = ({ exitCode, output, tally }: Driven, demand: Demand): ReadonlyArray<string> => {
  if (exitCode === 0) return shortcomings(tally, demand)
  const start = output.search(findings)
  const found = shortened(start < 0 ? output : output.slice(start)).trim()
  return [`schemathesis ended with ${exitCode}:\n${found}`, ...shortcomings(tally, demand)]
}
