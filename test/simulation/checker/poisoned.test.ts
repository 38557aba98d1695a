import { assert, describe, it } from "vitest"
import { CommentId } from "../../../src/domain/ids.ts"
import type { History } from "../history/History.ts"
import type { Moment } from "../kernel/Journal.ts"
import { check } from "./check.ts"
import { status } from "./corrupting.ts"
import { promises } from "./promises.ts"
import { RightService } from "./rightService.ts"

// A comment that is posted and deleted; then its author edits it, and is told that it is gone.
const service = new RightService()
const common = { client: "ana", body: { text: "hola" } } as const
const { location: path = "" } = service.send({ ...common, method: "POST", path: "/pictures/sunset/comments" }).headers
service.send({ ...common, method: "DELETE", path })
service.send({ ...common, method: "PATCH", path })
const right = service.history()
const refused = right.exchanges[2]

/** The same, where something was put behind the deletion, which was taken away again before the redrive. */
const poisoned = (planted: Moment | null): History => ({
  ...right,
  rows: { ...right.rows, positions: right.rows.positions.map((one) => ({ ...one, parked: true })) },
  rowsAfterRedrive: right.rows,
  poisoned: new Map([[CommentId.make(path.replace("/comments/", "")), { version: 3, planted }]])
})

const found = (history: History) => check(history).map(({ promise }) => promise)
const wronglyRefused = status(2, 404, "comment-not-found")

describe("an answer about a stream that is poisoned", () => {
  it("is gone, and right, whenever the poison came", () => {
    assert.strictEqual(refused?.answer?.status, 410)
    for (const planted of [refused?.sent ?? null, refused?.ended ?? null, null]) {
      assert.deepStrictEqual(found(poisoned(planted)), [])
    }
  })

  it("is judged in full if it ended before the poison was there", () => {
    assert.deepStrictEqual(found(wronglyRefused(poisoned(refused?.ended ?? null))), [promises.explained.promise])
  })

  it("is let through if the poison was there before it ended", () => {
    assert.deepStrictEqual(found(wronglyRefused(poisoned(refused?.sent ?? null))), [])
  })

  it("is let through if nobody knows when the poison came", () => {
    assert.deepStrictEqual(found(wronglyRefused(poisoned(null))), [])
  })
})
