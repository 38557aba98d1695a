import { assert, describe, it } from "@effect/vitest"
import { Cause } from "effect"
import { SqlError } from "effect/sql"
import { failureOf, Misfit } from "../../src/projections/failure.ts"

const refused = (code: string, details: object = {}) =>
  new SqlError.SqlError({
    reason: new SqlError.UnknownError({
      cause: Object.assign(new Error("Failing row contains (a secret)"), { severity: "ERROR", code, ...details })
    })
  })

const tagOf = (error: SqlError.SqlError | Misfit) => failureOf(Cause.fail(error))?._tag

describe("What a failed transaction means", () => {
  it("is poison for the classes of values and constraints", () => {
    const codes = ["22001", "22021", "22P05", "23502", "23505", "23514"]
    assert.deepStrictEqual(codes.filter((code) => tagOf(refused(code)) !== "Poisoned"), [])
  })

  it("is a conflict for deadlocks and serialization failures", () => {
    assert.deepStrictEqual(["40001", "40P01"].map((code) => tagOf(refused(code))), ["Conflicted", "Conflicted"])
  })

  it("is unavailability for everything else that a server says: it is no fault of an event", () => {
    const codes = [
      "08006",
      "25006",
      "25P03",
      "28P01",
      "40003",
      "42501",
      "42P01",
      "53300",
      "55P03",
      "57014",
      "57P01",
      "58030",
      "XX000"
    ]
    assert.deepStrictEqual(codes.filter((code) => tagOf(refused(code)) !== "Unavailable"), [])
  })

  it("is unavailability for a lost connection, also when the rollback dies of it", () => {
    const lost = new SqlError.SqlError({ reason: new SqlError.ConnectionError({ cause: new Error("socket closed") }) })
    assert.strictEqual(failureOf(Cause.fail(lost))?._tag, "Unavailable")
    assert.strictEqual(failureOf(Cause.die(lost))?._tag, "Unavailable")
    assert.strictEqual(failureOf(Cause.combine(Cause.fail(refused("23514")), Cause.die(lost)))?._tag, "Unavailable")
    assert.strictEqual(
      failureOf(Cause.combine(Cause.die(lost), Cause.die(new TypeError("a secret"))))?._tag,
      "Unavailable"
    )
  })

  it("is poison for a defect, a value that the driver can't encode, and rows that don't fit", () => {
    const unencodable = new SqlError.SqlError({
      reason: new SqlError.UnknownError({
        cause: { _tag: "PgTypesCodecError", message: "a secret" },
        message: "PgConnection: Failed to encode query"
      })
    })
    assert.strictEqual(tagOf(unencodable), "Poisoned")
    assert.strictEqual(failureOf(Cause.die(new TypeError("a secret")))?._tag, "Poisoned")
    assert.strictEqual(tagOf(new Misfit({ reason: "no row" })), "Poisoned")
  })

  it("never quotes what was to be written", () => {
    const causes = [
      Cause.fail(refused("23514", { constraint: "comments_check", detail: "Failing row contains (a secret)" })),
      Cause.fail(refused("22001")),
      Cause.die(new TypeError("a secret")),
      Cause.die("a secret")
    ]
    const reasons = causes.map((cause) => failureOf(cause)).map((failure) =>
      failure?._tag === "Poisoned" ? failure.reason : failure
    )
    assert.deepStrictEqual(reasons, [
      "SQLSTATE 23514 (comments_check)",
      "SQLSTATE 22001",
      "defect TypeError",
      "defect string"
    ])
  })

  it("is nothing for an interruption", () => assert.isUndefined(failureOf(Cause.interrupt(1))))
})
