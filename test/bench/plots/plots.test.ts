import { assert, describe, it } from "@effect/vitest"
import type { BarPlot, LinePlot } from "../report/Section.ts"
import { drawPlot } from "./drawPlot.ts"
import { linearScale, logScale } from "./scale.ts"
import { escaped } from "./svg.ts"

const even = (value: number) => ({ median: value, min: value, max: value })

const bars: BarPlot = {
  _tag: "Bars",
  name: "bars",
  title: "Requests/s & <more>",
  y: { label: "requests/s", scale: "log" },
  sides: ["Marginalia", "Fastify \"and\" pg"],
  groups: [
    { label: "hot page", bars: [{ median: 12_000, min: 11_000, max: 13_000 }, even(4000)] },
    { label: "post", bars: [even(900), null] }
  ]
}

const lines: LinePlot = {
  _tag: "Lines",
  name: "lines",
  title: "Latency by length",
  x: { label: "events", scale: "log" },
  y: { label: "ms", scale: "linear" },
  series: [{ label: "load", points: [{ x: 10, y: even(1) }, { x: 10_000, y: { median: 1.2, min: 1, max: 1.5 } }] }]
}

const token = /<(\/?)([a-z]+)((?: [\w:-]+="[^"<&]*(?:&\w+;[^"<&]*)*")*)(\/?)>|([^<]+)/gy

/** Whether every element is closed in order, every attribute quoted, and no character stands where it may not. */
const isWellFormed = (xml: string): boolean => {
  const open: Array<string> = []
  let end = 0
  for (const [text, closing, name = "", , empty, content] of xml.trim().matchAll(token)) {
    end += text.length
    if (content !== undefined) {
      if (/&(?!(?:amp|lt|gt|quot);)/.test(content)) return false
    } else if (closing === "/") {
      if (open.pop() !== name) return false
    } else if (empty !== "/") open.push(name)
  }
  return open.length === 0 && end === xml.trim().length
}

describe("isWellFormed", () => {
  it("tells what is from what isn't", () => {
    assert.isTrue(isWellFormed("<a x=\"1 &amp; 2\"><b/>text &lt;</a>"))
    for (const bad of ["<a>", "<a></b>", "<a x=1/>", "<a>&</a>", "<a x=\"<\"/>", "<a><b></a></b>"]) {
      assert.isFalse(isWellFormed(bad), bad)
    }
  })
})

describe("drawPlot", () => {
  it("draws well-formed XML, whatever the labels are", () => {
    assert.isTrue(isWellFormed(drawPlot(bars)))
    assert.isTrue(isWellFormed(drawPlot(lines)))
  })

  it("draws nothing out of place where there is little to draw", () => {
    for (
      const plot of [
        { ...bars, groups: [] },
        { ...lines, series: [] },
        { ...lines, series: [{ label: "one", points: [{ x: 1, y: even(0) }] }] }
      ]
    ) {
      assert.isTrue(isWellFormed(drawPlot(plot)))
      assert.notMatch(drawPlot(plot), /NaN|Infinity/)
    }
  })

  it("has a bar for each median, whiskers where rounds differ, and says what is missing", () => {
    const drawn = drawPlot(bars)
    assert.lengthOf(drawn.match(/<rect [^>]*y="[\d.]+" width="[\d.]+" height="12"/g) ?? [], 3)
    assert.lengthOf(drawn.match(/class="whisker"/g) ?? [], 3)
    assert.include(drawn, "not measured")
    assert.include(drawn, ">12,000<")
  })

  it("has a point for each median, labelled axes with ticks, and a legend", () => {
    const drawn = drawPlot(lines)
    assert.lengthOf(drawn.match(/<circle /g) ?? [], 2)
    for (const text of [">events (logarithmic)<", ">ms<", ">10,000<", ">load<"]) assert.include(drawn, text)
  })

  it("follows the reader's choice of light or dark, and needs no font of anybody's", () => {
    assert.include(drawPlot(bars), "prefers-color-scheme: dark")
    assert.notMatch(drawPlot(bars), /@import|url\(|https?:(?!\/\/www\.w3\.org\/2000\/svg)/)
  })
})

describe("linearScale", () => {
  it("begins at 0 and ends at a round number, with a few ticks", () => {
    const { place, ticks } = linearScale([3, 87], 100)
    assert.deepStrictEqual(ticks, [0, 20, 40, 60, 80, 100])
    assert.strictEqual(place(50), 50)
    assert.strictEqual(place(0), 0)
  })
})

describe("logScale", () => {
  it("puts each power of ten as far from the one before", () => {
    const { place, ticks } = logScale([10, 10_000], 300)
    assert.deepStrictEqual(ticks, [10, 100, 1000, 10_000])
    assert.closeTo(place(100), 100, 1e-9)
    assert.closeTo(place(1000), 200, 1e-9)
    assert.strictEqual(place(0), 0)
  })

  it("ends at round numbers on both sides of what it shows", () => {
    const { place, ticks } = logScale([30, 700], 100)
    assert.deepStrictEqual(ticks, [20, 50, 100, 200, 500, 1000])
    assert.closeTo(place(1000), 100, 1e-9)
  })
})

describe("escaped", () => {
  it("leaves no character that XML would take for its own", () => {
    assert.strictEqual(escaped("<a & \"b\">"), "&lt;a &amp; &quot;b&quot;&gt;")
  })
})
