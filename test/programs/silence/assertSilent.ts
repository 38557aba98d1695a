import { assert } from "@effect/vitest"
import { markersIn } from "../../support/markers.ts"

/** A text has none of these, in whatever shape; where it has one, the lines are shown that have it. */
export const assertSilent = (printed: string, markers: Readonly<Record<string, string>>): void => {
  const found = markersIn(printed, markers)
  const lines = found.length === 0 ? [] : printed.split("\n").filter((line) => markersIn(line, markers).length > 0)
  assert.deepStrictEqual({ found, lines: lines.slice(0, 5) }, { found: [], lines: [] })
}
