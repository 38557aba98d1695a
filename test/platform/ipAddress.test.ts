import { assert, describe, it } from "@effect/vitest"
import { plainAddress } from "../../src/platform/ipAddress.ts"

describe("An IP address in its plain form", () => {
  it("is of IPv4 also where a socket has it inside IPv6", () => {
    for (
      const address of [
        "::ffff:192.0.2.1",
        "::FFFF:192.0.2.1",
        "::ffff:c000:201",
        "0:0:0:0:0:ffff:192.0.2.1",
        "0000:0000:0000:0000:0000:FFFF:C000:0201",
        "0::ffff:192.0.2.1",
        "::ffff:c000:201%eth0"
      ]
    ) assert.strictEqual(plainAddress(address), "192.0.2.1", address)
  })

  it("has no zone, which means something on one machine only", () => {
    assert.strictEqual(plainAddress("fe80::1%eth0"), "fe80::1")
  })

  it("is else what it was", () => {
    for (
      const address of [
        "192.0.2.1",
        "2001:db8::7",
        "::1",
        "::c000:201",
        "::ffff:0:c000:201",
        "64:ff9b::192.0.2.1",
        "unknown"
      ]
    ) {
      assert.strictEqual(plainAddress(address), address)
    }
  })
})
