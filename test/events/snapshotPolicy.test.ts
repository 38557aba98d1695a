import { assert, describe, it } from "@effect/vitest"
import { freeSnapshotBytes, isSnapshotDue, snapshotEvery } from "../../src/events/snapshotPolicy.ts"

const largest = 400_000

describe("a snapshot", () => {
  it.each([
    ["always stands in a commit of 1 KB", { bytes: freeSnapshotBytes, commitsSinceSnapshot: 0 }, true],
    ["doesn't stand in a larger one", { bytes: freeSnapshotBytes + 1, commitsSinceSnapshot: 0 }, false],
    ["doesn't stand in the 7th larger one", { bytes: 9000, commitsSinceSnapshot: snapshotEvery - 2 }, false],
    ["stands in the 4th larger one", { bytes: 9000, commitsSinceSnapshot: snapshotEvery - 1 }, true],
    ["stands in the next if the 4th was too large", { bytes: 9000, commitsSinceSnapshot: snapshotEvery }, true],
    ["may fill the largest commit", { bytes: largest, commitsSinceSnapshot: snapshotEvery }, true],
    ["never makes a commit too large", { bytes: largest + 1, commitsSinceSnapshot: 100 }, false]
  ])("%s", (_, question, due) => {
    assert.strictEqual(isSnapshotDue({ ...question, largest }), due)
  })
})
