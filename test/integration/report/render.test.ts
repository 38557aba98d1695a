import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import type { Availability } from "../measure/availability.ts"
import type { Outcome } from "../scenarios/Outcome.ts"
import { percent } from "./figures.ts"
import { table } from "./markdown.ts"
import { renderReport } from "./render.ts"

const posters: Availability = {
  kind: "poster",
  all: { requests: 200, failed: 3 },
  meanwhile: { requests: 4, failed: 3 },
  errors: [[503, 2], [null, 1]],
  slowest: 1_240,
  recoveries: [950, null, 0]
}

const outcome: Outcome = {
  name: "kill-redis",
  title: "kill -9 of Redis",
  availability: [posters],
  recoveries: [950, 20, 0],
  convergedIn: 330,
  commits: 77,
  violations: [],
  findings: [],
  memory: {
    before: [{ program: "query-service", pid: 7, residentBytes: 100 * 2 ** 20, startBytes: 80 * 2 ** 20 }],
    after: [{ program: "query-service", pid: 8, residentBytes: 90 * 2 ** 20, startBytes: 85 * 2 ** 20 }]
  }
}

const report = {
  machine: { processor: "a processor", cores: 2, memoryGiB: 8, system: "linux", node: "v24" },
  at: Date.UTC(2026, 10, 23),
  extent: { hold: Duration.seconds(4), times: 3 },
  dynamoSoftware: "dynoxide"
}

const broken: Outcome = {
  ...outcome,
  name: "cut-redis",
  convergedIn: null,
  violations: [{ rule: 1, promise: "All that was accepted is in the log", detail: "id 5 isn't", exchanges: [] }]
}

describe("The report of the faults", () => {
  it("never says that all was well where something failed", () => {
    assert.strictEqual(percent({ requests: 100_000, failed: 1 }), "99.9 %")
    assert.strictEqual(percent({ requests: 3, failed: 0 }), "100 %")
    assert.strictEqual(percent({ requests: 0, failed: 0 }), "–")
  })

  it("draws tables that a cell can't break", () => {
    assert.strictEqual(table([["a", "b"], ["1|2", "3"]]), "| a | b |\n| --- | ---: |\n| 1\\|2 | 3 |")
  })

  it("has a row for each fault, one for each kind of user, and one for memory", () => {
    const page = renderReport({ ...report, site: [outcome], fullDisk: "There is no unshare." })
    assert.include(page, "| kill -9 of Redis | 200 | 98.5 % | 25.0 % | 0.9, 0.0, 0 s | 0.3 s | 77 | all kept |")
    assert.include(page, "| poster | 200 | 98.5 % | 4 | 25.0 % | 503: 2, no answer: 1 | 0.9, too long, 0 s | 1.2 s |")
    assert.include(page, "| kill-redis | 90 * |")
    assert.include(page, "No promise was broken in this run.")
    assert.include(page, "**The full disk was not run.** There is no unshare.")
    assert.include(page, "on 2 cores of a processor with 8 GiB")
  })

  it("says which promises were broken, and of which fault", () => {
    const page = renderReport({ ...report, site: [outcome, broken], fullDisk: outcome })
    assert.include(page, "**In this run 2 promises were broken:**")
    assert.include(page, "- cut-redis: All that was accepted is in the log: id 5 isn't")
    assert.match(page, /\*\*never\*\* \| 77 \| \*\*2 broken\*\* \|/)
  })
})
