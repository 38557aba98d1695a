import { assert, describe, it } from "@effect/vitest"
import { alignColumns } from "./alignColumns.ts"
import type { BenchReport } from "./BenchReport.ts"
import { markdownTable, wrapped } from "./markdown.ts"
import { number, spread, times } from "./numbers.ts"
import { renderConsole } from "./renderConsole.ts"
import { renderMarkdown } from "./renderMarkdown.ts"
import { compare, hasReached, type Section } from "./Section.ts"

const hotPage = compare({
  name: "hot-page",
  title: "hot page read",
  unit: "requests/s",
  better: "higher",
  aim: { against: "Fastify", ratio: 2 },
  sides: [{ name: "Marginalia", values: [900, 200, 800] }, { name: "Fastify", values: [300, 100, 200] }],
  notes: ["The load generator was busy."]
})

const section: Section = {
  name: "crud",
  title: "Beside a traditional service",
  text: ["What a good engineer would write."],
  comparisons: [hotPage],
  tables: [{ title: "Latency", head: ["row", "p50"], rows: [["a|b", "1.2"]] }],
  plots: [{
    _tag: "Bars",
    name: "crud",
    title: "Requests/s",
    y: { label: "requests/s", scale: "log" },
    sides: ["Marginalia"],
    groups: []
  }],
  notes: ["It rained."],
  failures: []
}

const report = (changes: Partial<BenchReport>): BenchReport => ({
  date: "2026-01-02T00:00:00.000Z",
  machine: { processor: "P", cores: 2, memoryGiB: 4, system: "linux", node: "v24" },
  versions: { PostgreSQL: "18.4" },
  pinning: "Nothing is pinned.",
  isQuick: false,
  rounds: 3,
  secondsPerWindow: 1,
  connections: 32,
  minutes: 14.6,
  sections: [section],
  ...changes
})

describe("compare", () => {
  it("takes the ratio of each round by itself, and then the median", () => {
    assert.deepStrictEqual(hotPage.ratios, [
      { against: "Fastify", values: [3, 2, 4], spread: { median: 3, min: 2, max: 4 } }
    ])
    assert.deepStrictEqual(hotPage.sides[0]?.spread, { median: 800, min: 200, max: 900 })
  })

  it("turns the ratio round where less is better", () => {
    const { ratios } = compare({
      ...hotPage,
      better: "lower",
      sides: [{ name: "Marginalia", values: [1, 2] }, { name: "other", values: [6, 4] }]
    })
    assert.deepStrictEqual(ratios[0]?.values, [6, 2])
  })

  it("leaves out what can't be divided", () => {
    const { ratios } = compare({
      ...hotPage,
      sides: [{ name: "Marginalia", values: [1, 2] }, { name: "other", values: [0, 4] }]
    })
    assert.deepStrictEqual(ratios[0]?.values, [0.5])
  })
})

describe("hasReached", () => {
  it("judges the median of the ratios with whom the aim is about", () => {
    assert.isTrue(hasReached(hotPage))
    assert.isFalse(hasReached({ ...hotPage, aim: { against: "Fastify", ratio: 3.01 } }))
    assert.isFalse(hasReached({ ...hotPage, aim: { against: "nobody", ratio: 0 } }))
    assert.isNull(hasReached({ ...hotPage, aim: null }))
  })
})

describe("renderMarkdown", () => {
  const page = renderMarkdown(report({})).split("\n")

  it("begins with the aims and what was reached", () => {
    assert.include(page, "| hot page read | Fastify | 2.00 | 3.00 (2.00-4.00) | reached |")
    const missed = { ...section, comparisons: [{ ...hotPage, aim: { against: "Fastify", ratio: 5 } }] }
    assert.include(renderMarkdown(report({ sections: [missed] })), "| 5.00 | 3.00 (2.00-4.00) | **missed** |")
  })

  it("has the aims that aren't a ratio in the same table", () => {
    const aims = [
      { title: "units", against: "castore", aim: "fewer", measured: "1 to 1", reached: false },
      { title: "loads", against: null, aim: "flat", measured: "1.1 times", reached: true }
    ]
    const lines = renderMarkdown(report({ sections: [{ ...section, aims }] })).split("\n")
    assert.include(lines, "| units | castore | fewer | 1 to 1 | **missed** |")
    assert.include(lines, "| loads |  | flat | 1.1 times | reached |")
  })

  it("tells at its beginning where we are behind somebody else", () => {
    const slow = compare({
      ...hotPage,
      title: "cold page read",
      aim: null,
      sides: [
        { name: "Marginalia", values: [8] },
        { name: "Fastify", values: [10] },
        { name: "Marginalia on DynamoDB", values: [20] }
      ]
    })
    const lines = renderMarkdown(report({ sections: [{ ...section, comparisons: [slow, hotPage] }] })).split("\n")
    const behind = lines.slice(lines.indexOf("## Where Marginalia is behind"), lines.indexOf(`## ${section.title}`))
    assert.deepStrictEqual(behind.filter((line) => line.startsWith("| cold") || line.startsWith("| hot")), [
      "| cold page read | Fastify | 0.80 |"
    ])
    assert.include(lines, "|  | Marginalia on DynamoDB | 20 | requests/s |  |")
    assert.notInclude(page, "## Where Marginalia is behind")
    const bare = { ...section, name: "bare", comparisons: [slow] }
    assert.notInclude(renderMarkdown(report({ sections: [bare] })), "is behind\n")
  })

  it("says of each section how it was measured", () => {
    const lines = renderMarkdown(report({ sections: [{ ...section, windows: "3 rounds of 1 s" }] })).split("\n")
    assert.include(lines, "Measured: 3 rounds of 1 s.")
  })

  it("shows each side with its spread, and the ratio beside the other", () => {
    assert.include(page, "| hot page read | Marginalia | 800 (200-900) | requests/s |  |")
    assert.include(page, "|  | Fastify | 200 (100-300) | requests/s | 3.00 (2.00-4.00) |")
  })

  it("has the plots, tables, notes, the machine and how to run it again", () => {
    for (
      const line of [
        "![Requests/s](benchmark/crud.svg)",
        "| a\\|b | 1.2 |",
        "- hot page read: The load generator was busy.",
        "- It rained.",
        "| PostgreSQL | 18.4 |",
        "Nothing is pinned.",
        "## Run it again",
        "## What isn't measured"
      ]
    ) assert.include(page, line)
  })

  it("tells what failed, and that a smoke run is one", () => {
    const text = renderMarkdown(report({ isQuick: true, sections: [{ ...section, failures: ["crud-post: refused"] }] }))
    assert.include(text, "- Could not be measured: crud-post: refused")
    assert.include(text, "smoke run")
    assert.notInclude(page.join("\n"), "smoke run")
  })

  it("has no line that is longer than the repository's, but in tables", () => {
    assert.deepStrictEqual(page.filter((line) => !line.startsWith("|") && line.length > 122), [])
  })
})

describe("renderConsole", () => {
  const render = (sections: ReadonlyArray<Section>) =>
    renderConsole(report({ sections })).split("\n").map((line) => line.trim().split(/ {2,}/))

  it("shows each side, the ratio and whether the aim was reached", () => {
    const lines = render([section])
    assert.deepInclude(lines, ["hot page read", "Marginalia", "800 (200-900)", "requests/s"])
    assert.deepInclude(lines, ["Fastify", "200 (100-300)", "requests/s", "3.00 (2.00-4.00)", "2.00 reached"])
  })

  it("ends with what failed", () => {
    assert.deepInclude(render([{ ...section, failures: ["no luck"] }]), ["FAILED", "no luck"])
  })
})

describe("numbers", () => {
  it("have as many digits as tell something", () => {
    assert.deepStrictEqual([0, 0.01234, 1.5, 99.96, 1234.5].map(number), ["0", "0.0123", "1.5", "100", "1,235"])
    assert.deepStrictEqual([0.5, 12.34, 1234].map(times), ["0.50", "12.3", "1,234"])
    assert.strictEqual(spread({ median: 2, min: 2, max: 2 }), "2")
  })
})

describe("markdown", () => {
  it("breaks long lines at spaces, and nowhere else", () => {
    assert.strictEqual(wrapped("aa bb cc", 5), "aa bb\ncc")
    assert.strictEqual(wrapped("aaaaaaaa b", 5), "aaaaaaaa\nb")
  })

  it("keeps a table's cells apart", () => {
    assert.deepStrictEqual(markdownTable(["", "n"], [["a|b", "c\nd"]]), [
      "|  | n |",
      "| --- | ---: |",
      "| a\\|b | c d |"
    ])
  })
})

describe("alignColumns", () => {
  it("aligns the first column to the left and all others to the right", () => {
    assert.deepStrictEqual(alignColumns([["", "n"], ["long", "10"]]), ["       n", "long  10"])
  })
})
