import { assert, describe, it } from "@effect/vitest"
import { DeliveryLedger } from "./delivery.ts"

const ledgerOf = (appended: ReadonlyArray<readonly [string, number]>, delivered: typeof appended) => {
  const ledger = new DeliveryLedger()
  for (const [stream, version] of appended) ledger.appended(stream, version)
  for (const [stream, version] of delivered) ledger.delivered(stream, version)
  return ledger
}

const log = [["a", 1], ["b", 1], ["a", 2], ["a", 3]] as const

describe("DeliveryLedger", () => {
  it("finds nothing wrong where every event came once, each stream in order", () => {
    const ledger = ledgerOf(log, [["b", 1], ["a", 1], ["a", 2], ["a", 3]])
    assert.isTrue(ledger.isComplete)
    assert.deepStrictEqual(ledger.report(), { appended: 4, delivered: 4, missing: 0, duplicate: 0, outOfOrder: 0 })
  })

  it("counts what never came", () => {
    const ledger = ledgerOf(log, [["a", 1], ["a", 3]])
    assert.isFalse(ledger.isComplete)
    assert.deepStrictEqual(ledger.report(), { appended: 4, delivered: 2, missing: 2, duplicate: 0, outOfOrder: 0 })
  })

  it("counts what came again, and doesn't take it for what is missing", () => {
    const ledger = ledgerOf(log, [["a", 1], ["a", 1], ["a", 2], ["a", 3]])
    assert.isFalse(ledger.isComplete)
    assert.deepStrictEqual(ledger.report(), { appended: 4, delivered: 4, missing: 1, duplicate: 1, outOfOrder: 0 })
  })

  it("counts what came after a later event of its stream, and no stream against another", () => {
    const ledger = ledgerOf(log, [["a", 2], ["b", 1], ["a", 1], ["a", 3]])
    assert.deepStrictEqual(ledger.report(), { appended: 4, delivered: 4, missing: 0, duplicate: 0, outOfOrder: 1 })
  })
})
