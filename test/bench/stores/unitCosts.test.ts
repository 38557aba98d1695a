import { assert, describe, it } from "@effect/vitest"
import { sampling } from "./unitCosts.ts"

describe("sampling", () => {
  it("takes many short streams, which are short still after an append, and follows a long one", () => {
    assert.deepStrictEqual(sampling(0, 100), { each: 1, streams: 100 })
    assert.deepStrictEqual(sampling(1, 100), { each: 1, streams: 100 })
    assert.deepStrictEqual(sampling(10, 100), { each: 5, streams: 20 })
    assert.deepStrictEqual(sampling(200, 100), { each: 100, streams: 1 })
    assert.deepStrictEqual(sampling(10_000, 100), { each: 100, streams: 1 })
  })
})
