import { assert, describe, it } from "@effect/vitest"
import type { Sample } from "../measure/Sample.ts"
import { httpRowOf, workComparison } from "./bareSection.ts"
import { comparisonOf, detailsOf, disturbanceOf } from "./httpSection.ts"
import { visibilityNotes } from "./visibilityNotes.ts"

const sample = (perSecond: number, more: Partial<Sample> = {}): Sample => ({
  requests: perSecond,
  seconds: 1,
  perSecond,
  p50Micros: 1000,
  p99Micros: 2500,
  maxMicros: 9000,
  loadShare: 0.5,
  loadCoreShare: 0.7,
  strangersShare: 0.02,
  server: { mainThreadShare: 0.6, otherThreadsShare: 0.3, microsPerRequest: 11 },
  settledAfterMillis: null,
  ...more
})

const rowOf = (subject: Sample, twin: Sample) =>
  httpRowOf({ name: "hot-page", title: "hot page read", aim: 0.9 }, [{ subject, twin }])

describe("comparisonOf", () => {
  it("compares by requests/s, with the aim against the twin", () => {
    const { aim, ratios } = comparisonOf(rowOf(sample(900), sample(1000)))
    assert.deepStrictEqual(ratios.map(({ against, values }) => [against, values]), [["bare twin", [0.9]]])
    assert.deepStrictEqual(aim, { against: "bare twin", ratio: 0.9 })
  })

  it("says when the load generator may have set the limit", () => {
    assert.deepStrictEqual(comparisonOf(rowOf(sample(900), sample(1000))).notes, [])
    assert.deepStrictEqual(comparisonOf(rowOf(sample(900), sample(1000, { loadShare: 0.97 }))).notes, [
      "bare twin: the load generator used 97% of its core, so it may have set the limit."
    ])
  })

  it("says when the engines beside the load generator filled its core", () => {
    assert.deepStrictEqual(
      comparisonOf(rowOf(sample(900, { loadCoreShare: null }), sample(1000, { loadCoreShare: 0.99 }))).notes,
      [
        "bare twin: the core that the load generator and the engines share was busy for 99% of the time, so they may have " +
        "set the limit and not the server."
      ]
    )
  })
})

describe("detailsOf", () => {
  it("shows latencies and processor time of both sides", () => {
    const { rows } = detailsOf([rowOf(sample(900, { settledAfterMillis: 120 }), sample(1000, { server: null }))])
    assert.deepStrictEqual(rows, [
      ["hot page read", "Marginalia", "900", "1.00", "2.50", "11", "60%", "30%", "50%", "70%", "120"],
      ["", "bare twin", "1,000", "1.00", "2.50", "-", "-", "-", "50%", "70%", "-"]
    ])
  })
})

describe("disturbanceOf", () => {
  it("tells of others' programs where they used much of the machine", () => {
    assert.deepStrictEqual(disturbanceOf([rowOf(sample(900), sample(1000))]), [])
    const [sentence = ""] = disturbanceOf([rowOf(sample(900, { strangersShare: 0.4 }), sample(1000))])
    assert.include(sentence, "used up to 40% of the machine")
  })
})

describe("workComparison", () => {
  it("compares what was done in a second, in each round", () => {
    const work = { name: "projection", title: "projection", unit: "events", aim: 0.4, twinTitle: "bulk insert" }
    const { ratios, sides, unit } = workComparison(work, [
      { subject: { perSecond: 400, microsEach: 10 }, twin: { perSecond: 1000, microsEach: 3 } },
      { subject: { perSecond: 600, microsEach: 12 }, twin: { perSecond: 1000, microsEach: 3 } }
    ])
    assert.strictEqual(unit, "events/s")
    assert.deepStrictEqual(ratios[0]?.spread, { median: 0.5, min: 0.4, max: 0.6 })
    assert.deepStrictEqual(sides.map(({ name }) => name), ["Marginalia", "bulk insert"])
  })
})

describe("visibilityNotes", () => {
  it("says how soon comments are visible, and how often that means to ask", () => {
    const [note = ""] = visibilityNotes({ posts: 100, p50: 12, p99: 40, max: 50, pollInterval: 200 })
    assert.include(note, "p50 12.0 ms, p99 40.0 ms")
    assert.include(note, "12,960,000 GetRecords calls a month")
  })
})
