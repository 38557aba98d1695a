import { assert, describe, it } from "@effect/vitest"
import { plainAddress } from "../../src/platform/ipAddress.ts"

describe("An IP address in its plain form", () => {
  it("is of IPv4 also where a socket has it inside IPv6", () => {
    for (const prefix of ["::ffff:", "::FFFF:"]) assert.strictEqual(plainAddress(`${prefix}192.0.2.1`), "192.0.2.1")
  })

  it("has no zone, which means something on one machine only", () => {
    assert.strictEqual(plainAddress("fe80::1%eth0"), "fe80::1")
  })

  it("is else what it was", () => {
    for (const address of ["192.0.2.1", "2001:db8::7", "::1", "::ffff:c000:201", "64:ff9b::192.0.2.1", "unknown"]) {
      assert.strictEqual(plainAddress(address), address)
    }
  })
})
