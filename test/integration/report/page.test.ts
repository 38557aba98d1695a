import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import { readFileSync } from "node:fs"
import { fullDiskName } from "../scenarios/fullDisk.ts"
import type { Outcome } from "../scenarios/Outcome.ts"
import { scenarios } from "../scenarios/scenarios.ts"
import { renderReport } from "./render.ts"
import type { Report } from "./Report.ts"

const page = readFileSync(new URL("../../../docs/reliability.md", import.meta.url), "utf8")

/** Of a text: what isn't white space or a number. */
const plain = (text: string): string => text.replaceAll(/\d+(?:[.,]\d+)*/g, "#").replaceAll(/\s+/g, " ").trim()

/** The sentences, headings and heads of tables of a page; what else stands in tables is the run's. */
const saidIn = (markdown: string): ReadonlyArray<string> =>
  markdown.split(/\n\n+|\n(?=- )/).flatMap((block) =>
    block.startsWith("| fault ") || block.startsWith("| user ") ?
      block.split("\n").slice(0, 1) :
      block.startsWith("|")
      ? []
      : plain(block).split(/(?<=[.;]) /)
  ).map(plain)

const outcomeOf = (name: string, title: string): Outcome => ({
  name,
  title,
  availability: [],
  recoveries: [0],
  convergedIn: 0,
  commits: 0,
  violations: [],
  findings: [],
  memory: { before: [], after: [] }
})

const [, dynamoSoftware = "dynoxide"] = /, ([\w ]+)\s+in the place of DynamoDB/.exec(page) ?? []

const reportOf = (run: string, names: ReadonlyArray<string>): Report => ({
  machine: { processor: run, cores: 1, memoryGiB: 1, system: run, node: run },
  at: 0,
  extent: { hold: Duration.seconds(4), times: 3 },
  dynamoSoftware,
  site: scenarios.filter(({ name }) => names.includes(name)).map(({ name, title }) => outcomeOf(name, title)),
  fullDisk: names.includes(fullDiskName) ? outcomeOf(fullDiskName, "") : "It wasn't run."
})

/** What the renderer says of any run. */
const always = () => {
  const other = new Set(saidIn(renderReport(reportOf("another", ["kill-redis"]))))
  const one = renderReport(reportOf("one", ["kill-redis", "kill-dynamodb", fullDiskName]))
  return saidIn(one).filter((said) => other.has(said))
}

const missingIn = (markdown: string): ReadonlyArray<string> => {
  const there = new Set(saidIn(markdown))
  return always().filter((said) => !there.has(said))
}

const because = "docs/reliability.md isn't what its renderer writes: run npm run faults"

describe("docs/reliability.md", () => {
  it("says all that its renderer says of any run", () => {
    assert.isAbove(always().length, 30)
    assert.deepStrictEqual(missingIn(page), [], because)
  })

  it("tells of every fault", () => {
    const titles = scenarios.map(({ title }) => title)
    assert.deepStrictEqual(titles.filter((title) => !page.includes(`### ${title}\n`)), [], because)
  })

  it("would be found to lack a sentence", () => {
    const whole = renderReport(reportOf("a third", ["kill-redis"]))
    assert.deepStrictEqual(missingIn(whole), [])
    assert.deepStrictEqual(missingIn(whole.replace("Each fault comes alone.", "Faults come in pairs.")), [
      "- Each fault comes alone."
    ])
  })
})
