import { assert, describe, it } from "@effect/vitest"
import type { Sample } from "../measure/Sample.ts"
import type { WorkRow } from "../work/WorkRow.ts"
import { alignColumns } from "./alignColumns.ts"
import { renderReport } from "./renderReport.ts"
import { renderVisibility, renderWork } from "./renderWork.ts"
import { reportRow } from "./RowReport.ts"
import { reportWork } from "./WorkReport.ts"

const sample = (perSecond: number, microsPerRequest: number, loadShare = 0.5): Sample => ({
  requests: perSecond,
  seconds: 1,
  perSecond,
  p50Micros: 1000,
  p99Micros: 2500,
  maxMicros: 9000,
  loadShare,
  strangersShare: 0.02,
  server: { mainThreadShare: 0.6, otherThreadsShare: 0.3, microsPerRequest },
  settledAfterMillis: null
})

const row = { name: "hot-page", title: "hot page read", aim: 0.9 }

describe("reportRow", () => {
  it("takes the ratio of each round by itself, and then the median", () => {
    const report = reportRow(row, [
      { subject: sample(900, 11), twin: sample(1000, 10) },
      { subject: sample(100, 20), twin: sample(500, 10) },
      { subject: sample(800, 10), twin: sample(1000, 10) }
    ])
    assert.deepStrictEqual(report.ratio, { median: 0.8, min: 0.2, max: 0.9 })
    assert.deepStrictEqual(report.processorRatio, { median: 10 / 11, min: 0.5, max: 1 })
    assert.deepStrictEqual(report.subject.perSecond, { median: 800, min: 100, max: 900 })
  })

  it("leaves out what the system doesn't tell", () => {
    const quiet = { ...sample(1000, 0), server: null }
    const report = reportRow(row, [{ subject: quiet, twin: quiet }])
    assert.isNull(report.processorRatio)
    assert.isNull(report.subject.server)
  })
})

describe("renderReport", () => {
  const render = (subject: Sample, twin: Sample) =>
    renderReport({
      date: "2026-01-01T00:00:00.000Z",
      machine: { processor: "P", cores: 2, memoryGiB: 4, system: "linux", node: "v24" },
      pinning: "Nothing is pinned.",
      rounds: 1,
      secondsPerWindow: 1,
      connections: 32,
      rows: [reportRow(row, [{ subject, twin }])],
      work: [],
      visibility: null
    })

  it("shows each row beside its bare twin, with the ratio and the aim", () => {
    const lines = render(sample(900, 11), sample(1000, 10)).split("\n")
    assert.deepInclude(
      lines.map((line) => line.trim().split(/ {2,}/)),
      [
        "hot page read",
        "900 (900-900)",
        "1.00",
        "2.50",
        "11",
        "60% + 30%",
        "0.90 (0.90-0.90)",
        "0.91 (0.91-0.91)",
        "0.90"
      ]
    )
    assert.isTrue(lines.some((line) => line.startsWith("  bare twin") && line.includes("1,000 (1,000-1,000)")))
  })

  it("says when the load generator may have set the limit", () => {
    assert.notInclude(render(sample(900, 11), sample(1000, 10)), "may have set the limit")
    assert.include(
      render(sample(900, 11), sample(1000, 10, 0.97)),
      "hot page read (bare twin): the load generator used 97% of its core"
    )
  })

  it("says when other programs disturbed the measurement", () => {
    assert.notInclude(render(sample(900, 11), sample(1000, 10)), "Other programs")
    assert.include(
      render({ ...sample(900, 11), strangersShare: 0.4 }, sample(1000, 10)),
      "Other programs used up to 40% of the machine"
    )
  })

  it("says how long what was set off took to be done", () => {
    const settled = (millis: number) => ({ ...sample(1000, 10), settledAfterMillis: millis })
    assert.include(
      render(settled(120), settled(30)),
      "done 120 ms after the window's last answer, by the bare twin after 30 ms"
    )
  })
})

describe("renderWork", () => {
  it("shows what both sides did in a second, and how the one compares with the other in each round", () => {
    const work: WorkRow = {
      name: "projection",
      title: "projection",
      unit: "events",
      aim: 0.4,
      twinTitle: "bulk insert",
      subject: () => Promise.reject(new Error("not run")),
      twin: () => Promise.reject(new Error("not run"))
    }
    const lines = renderWork([
      reportWork(work, [
        { subject: { perSecond: 400, microsEach: 10 }, twin: { perSecond: 1000, microsEach: 3 } },
        { subject: { perSecond: 600, microsEach: 12 }, twin: { perSecond: 1000, microsEach: 3 } }
      ])
    ])
    assert.deepInclude(
      lines.map((line) => line.trim().split(/ {2,}/)),
      ["projection", "500 (400-600) events", "11", "0.50 (0.40-0.60)", "0.40"]
    )
  })

  it("says how soon comments are visible, and how often that means to ask", () => {
    const report = { posts: 100, p50: 12, p99: 40, max: 50, pollInterval: 200 }
    const lines = renderVisibility(report).join("\n")
    assert.include(lines, "p50 12.0 ms, p99 40.0 ms")
    assert.include(lines, "12,960,000 GetRecords calls a month")
    assert.deepStrictEqual(renderVisibility(null), [])
  })
})

describe("alignColumns", () => {
  it("aligns the first column to the left and all others to the right", () => {
    assert.deepStrictEqual(alignColumns([["", "n"], ["long", "10"]]), ["       n", "long  10"])
  })
})
