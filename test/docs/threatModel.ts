import { join } from "node:path/posix"

/** A test that a threat's row names: the file, from the root, and the test's own name in it. */
export interface NamedTest {
  readonly file: string
  readonly name: string
}

/** A threat as its row has it. */
export interface Threat {
  readonly name: string
  readonly tests: ReadonlyArray<NamedTest>
  /** The scripts of package.json that show it. */
  readonly scripts: ReadonlyArray<string>
  /** Why nothing shows it. */
  readonly untested: string | undefined
}

const cellsOf = (line: string): ReadonlyArray<string> => line.split("|").slice(1, -1).map((cell) => cell.trim())

const rowsOf = (section: string): ReadonlyArray<ReadonlyArray<string>> =>
  section.split("\n").filter((line) => line.startsWith("| ")).map(cellsOf)
    .filter((cells) => !cells.every((cell) => /^-+:?$/.test(cell)))

/** The part of a page under a heading of the second level, up to the next. */
export const sectionOf = (page: string, heading: string): string => {
  const [, after = ""] = page.split(`\n## ${heading}\n`)
  return after.split("\n## ", 1).join("")
}

/** The threats of the page, which lies in `folder`. */
export const threatsOf = (page: string, folder: string): ReadonlyArray<Threat> =>
  rowsOf(sectionOf(page, "Threats")).filter(([letters]) => letters !== "").map((cells) => {
    const [, threat = "", , shown = ""] = cells
    const links = [...shown.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)]
    return {
      name: /\*\*(.+?)\*\*/.exec(threat)?.[1] ?? threat,
      tests: links.map(([, name = "", file = ""]) => ({ name, file: join(folder, file) })),
      scripts: [...shown.matchAll(/`npm run ([\w:]+)`/g)].flatMap(([, script]) => script ?? []),
      untested: /^not tested: (.+)$/.exec(shown)?.[1]
    }
  })

/** Whether a file has a test of that very name, which may be one with places for what is tested. */
export const hasTest = (source: string, name: string): boolean =>
  ["\"", "`"].some((quote) => {
    const quoted = `${quote}${name.replaceAll("\"", "\\\"")}${quote}`
    return source.split("\n").some((line) => {
      const at = line.indexOf(quoted)
      // First on its line, or behind the parenthesis of a call; and then comes what is tested.
      return at >= 0 && !/^\s*(?:\/\/|\*)|\.(?:skip|skipIf|todo|fails)\b/.test(line) &&
        /(?:^\s*|\()$/.test(line.slice(0, at)) &&
        /^(?:,|\s*\+|$)/.test(line.slice(at + quoted.length))
    })
  })

/** The table of who may do what: the route, and the status for each kind of caller. */
export const permissionsOf = (page: string): ReadonlyArray<ReadonlyArray<string>> =>
  rowsOf(sectionOf(page, "Who may do what")).filter(([route]) => route?.startsWith("`"))
    .map((cells) => cells.map((cell) => cell.replaceAll("`", "")))
