import { assert, describe, it } from "@effect/vitest"
import { differenceOf, type Page } from "./sameAnswers.ts"

const comment = (id: string) => ({ id, pictureId: "p", authorId: "ana", text: "Lovely", version: 1 })
const page = (count: number, ...ids: ReadonlyArray<string>): Page => ({ count, items: ids.map(comment) })

describe("differenceOf", () => {
  it("finds nothing where both say the same", () => {
    assert.isNull(differenceOf(page(2, "a", "b"), page(2, "a", "b")))
  })

  it("finds other counts, other comments and another order", () => {
    assert.strictEqual(differenceOf(page(2, "a"), page(3, "a")), "3 comments instead of 2")
    assert.isNotNull(differenceOf(page(2, "a", "b"), page(2, "a")))
    assert.isNotNull(differenceOf(page(2, "a", "b"), page(2, "b", "a")))
  })

  it("doesn't take empty pages for an agreement", () => {
    assert.isNotNull(differenceOf(page(0), page(0)))
  })
})
