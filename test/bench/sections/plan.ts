import { Effect } from "effect"
import { BenchError } from "../BenchError.ts"
import { alignColumns } from "../report/alignColumns.ts"
import type { SectionDefinition, SectionOptions } from "./SectionDefinition.ts"

const minutesOf = (seconds: number): string => `${(seconds / 60).toFixed(1)} min`

/**
 * Those of the sections that have any of the rows that are asked for; all of them if no row is named. Fails if a row is in
 * none of them: what was mistyped would else be left out in silence.
 */
export const sectionsWith = (
  sections: ReadonlyArray<SectionDefinition>,
  rows: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<SectionDefinition>, BenchError> => {
  const known = sections.flatMap(({ rowNames }) => rowNames)
  const unknown = rows.filter((row) => !known.includes(row))
  return unknown.length > 0
    ? Effect.fail(
      new BenchError({
        message: `There is no row ${unknown.join(", ")}. There are: ${[...new Set(known)].join(", ")}.`
      })
    )
    : Effect.succeed(
      sections.filter(({ rowNames }) => rows.length === 0 || rowNames.some((row) => rows.includes(row)))
    )
}

/** What will be measured, and about how long each section takes. */
export const planOf = (sections: ReadonlyArray<SectionDefinition>, options: SectionOptions): string => {
  const seconds = sections.map((section) => section.expectedSeconds(options))
  return alignColumns([
    ...sections.map((
      section,
      index
    ) => [`${section.name}: ${section.windows(options)}`, minutesOf(seconds[index] ?? 0)]),
    ["all", minutesOf(seconds.reduce((sum, one) => sum + one, 0))]
  ]).join("\n")
}
