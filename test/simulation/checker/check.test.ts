import { assert, describe, it } from "vitest"
import { check } from "./check.ts"
import { corruptions } from "./corruptions.ts"
import { promises } from "./promises.ts"
import { anyHistory, everything } from "./rightHistory.ts"

describe("the checker", () => {
  it("finds nothing in a right history that has something of everything", () => {
    assert.deepStrictEqual(check(everything()), [])
  })

  it("finds nothing in the same history where nobody saw the log and the read model grow", () => {
    const history = everything()
    const log = history.log.map(({ commit }) => ({ commit, landed: null }))
    assert.deepStrictEqual(check({ ...history, log, positions: null }), [])
  })

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    "finds nothing in a right history that chance made (%i)",
    (seed) => {
      const history = anyHistory(seed)
      assert.deepStrictEqual(check(history), [])
      const log = history.log.map(({ commit }) => ({ commit, landed: null }))
      assert.deepStrictEqual(check({ ...history, log, positions: null }), [])
    }
  )

  for (const { breaks, corrupt, name } of corruptions) {
    it(`sees ${name}`, () => {
      const found = check(corrupt(everything())).map(({ promise }) => promise)
      assert.include(found, promises[breaks].promise, JSON.stringify(found))
    })
  }

  it("has a history that breaks it for every promise", () => {
    const broken = new Set(corruptions.map(({ breaks }) => breaks))
    assert.deepStrictEqual(Object.keys(promises).filter((name) => !Array.from<string>(broken).includes(name)), [])
  })

  it("judges a long history in a moment", () => {
    const history = anyHistory(1, 5000)
    const log = history.log.map(({ commit }) => ({ commit, landed: null }))
    // The processor's time: on a busy machine the clock tells of the others.
    const before = process.cpuUsage()
    check({ ...history, log, positions: null })
    const { system, user } = process.cpuUsage(before)
    assert.isBelow((system + user) / 1000, 2000)
  })
})
