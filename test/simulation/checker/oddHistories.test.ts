import { assert, describe, it } from "vitest"
import { check } from "./check.ts"
import { header, status } from "./corrupting.ts"
import { oddHistory, overlapping, unanswered, unseen } from "./oddHistories.ts"
import { promises } from "./promises.ts"
import { RightService } from "./rightService.ts"

const seeds = Array.from({ length: 60 }, (_, seed) => seed)
const all = seeds.map((seed) => oddHistory(seed))

describe("histories of odd kinds", () => {
  it("have what they are for", () => {
    const problems = new Set(
      all.flatMap(({ exchanges }) => exchanges.map(({ answer }) => JSON.stringify(answer?.body) ?? ""))
        .flatMap((body) => Array.from(body.matchAll(/\/problems\/([a-z-]+)|"status":"([a-z]+)"/g), ([found]) => found))
    )
    for (
      const expected of [
        "projection-parked",
        "read-model-behind",
        "service-unavailable",
        "idempotency-key-reused",
        "comment-deleted",
        "version-mismatch",
        "not-the-author"
      ]
    ) assert.include(Array.from(problems), `/problems/${expected}`)
    for (const status of ["done", "rejected", "failed"]) {
      assert.include(Array.from(problems), `"status":"${status}"`)
    }
    assert.isTrue(all.some(({ foreign }) => foreign.size > 0))
    assert.isTrue(all.some(({ rowsAfterRedrive }) => rowsAfterRedrive !== null))
  })

  it.each(seeds)("break no promise (%i)", (seed) => {
    const history = oddHistory(seed)
    for (
      const one of [
        history,
        unseen(history),
        overlapping(history, seed),
        unseen(overlapping(history, seed)),
        unanswered(history, seed),
        unseen(unanswered(history, seed)),
        overlapping(unanswered(history, seed), seed),
        unseen(overlapping(unanswered(history, seed), seed))
      ]
    ) assert.deepStrictEqual(check(one), [])
  })

  it.each([15, 16])("remember a key for 16 commands, and no longer (%i came between)", (between) => {
    const service = new RightService()
    const post = service.send({ client: "ana", method: "POST", path: "/pictures/sunset/comments", body: { text: "0" } })
    const common = { client: "ana", method: "PATCH", path: post.headers["location"] ?? "" } as const
    const keyed = { ...common, headers: { "idempotency-key": "k" }, body: { text: "with a key" } }
    service.send(keyed)
    for (let n = 1; n <= between; n++) service.send({ ...common, body: { text: `${n}` } })
    const again = service.send(keyed)
    const history = service.history()
    assert.strictEqual(again.headers["idempotency-replayed"], between < 16 ? "true" : undefined)
    assert.deepStrictEqual(check(history), [])
    assert.deepStrictEqual(check(unseen(history)), [])

    // The same answers, where the key was told to be forgotten a command too early, or remembered too long.
    const swapped = header(history.exchanges.length - 1, "idempotency-replayed", between < 16 ? undefined : "true")
    const broken = new Set(check(swapped(history)).map(({ promise }) => promise))
    const expected = between < 16 ? promises.oneFirstAnswer : promises.onceForAKey
    assert.deepStrictEqual(Array.from(broken), [expected.promise, promises.explained.promise])
  })

  it("may land late, but not twice, and not after a refusal", () => {
    const service = new RightService()
    const land = service.sendLate({
      client: "ana",
      method: "POST",
      path: "/pictures/sunset/comments",
      body: { text: "late" }
    })
    service.send({ client: "ben", method: "GET", path: "/pictures/sunset/comments/count" })
    land()
    const history = service.history()
    assert.deepStrictEqual(check(history), [])
    const refused = status(0, 422, "invalid-request")(history)
    assert.include(check(refused).map(({ promise }) => promise), promises.refusedNever.promise)
    land()
    assert.deepStrictEqual(check(service.history()).map(({ promise }) => promise), [promises.askedFor.promise])
  })
})
