import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { Headers } from "effect/http"
import { clientAddress, networkOf } from "../../../src/api/handlers/clientAddress.ts"

const from = (headers: Readonly<Record<string, string>>, trusted: string | null, connection = "192.0.2.1") =>
  clientAddress({ headers: Headers.fromInput(headers), remoteAddress: Option.some(connection) }, trusted)

describe("A client's address", () => {
  it("is the connection's where no header is trusted, whatever the client says", () => {
    const said = {
      "x-client-ip": "203.0.113.7",
      "x-forwarded-for": "203.0.113.7",
      "x-real-ip": "203.0.113.7",
      "true-client-ip": "203.0.113.7",
      forwarded: "for=203.0.113.7"
    }
    assert.strictEqual(from(said, null), "192.0.2.1")
    const { "x-client-ip": _, ...others } = said
    assert.strictEqual(from(others, "x-client-ip"), "192.0.2.1")
  })

  it("is what the trusted header says, if that is exactly one address", () => {
    for (const address of ["203.0.113.7", "2001:db8::7", "::1"]) {
      assert.strictEqual(from({ "X-Client-IP": address }, "x-client-ip"), address)
    }
    const wrong = [
      "",
      "203.0.113.7, 198.51.100.1",
      "203.0.113.7 ",
      "203.0.113.7:80",
      "[2001:db8::7]",
      "fe80::1%eth0",
      "203.0.113.999",
      "0x7f.1",
      "localhost",
      "unknown"
    ]
    for (const value of wrong) assert.strictEqual(from({ "x-client-ip": value }, "x-client-ip"), "192.0.2.1", value)
  })

  it("is the same whether IPv4 was reached as such or by IPv6", () => {
    assert.strictEqual(from({}, null, "::ffff:192.0.2.1"), "192.0.2.1")
    assert.strictEqual(from({ "x-client-ip": "::FFFF:203.0.113.7" }, "x-client-ip"), "203.0.113.7")
    assert.strictEqual(from({}, null, "fe80::1%eth0"), "fe80::1")
    assert.strictEqual(clientAddress({ headers: Headers.empty, remoteAddress: Option.none() }, null), "unknown")
  })

  it("counts for limits by itself, or by its 56 bits of network where it is of IPv6", () => {
    assert.strictEqual(networkOf("203.0.113.7"), "203.0.113.7")
    assert.strictEqual(networkOf("unknown"), "unknown")
    for (const address of ["2001:db8:0:7::1", "2001:DB8:0:7:ffff::", "2001:0db8::7:1:2:3:4", "2001:db8:0:7::1.2.3.4"]) {
      assert.strictEqual(networkOf(address), "2001:db8:0:0::/56", address)
    }
    assert.strictEqual(networkOf("2001:db8:0:12ff::1"), "2001:db8:0:1200::/56")
    assert.strictEqual(networkOf("2001:db8:0:1300::1"), "2001:db8:0:1300::/56")
    assert.strictEqual(networkOf("::1"), "0:0:0:0::/56")
    assert.strictEqual(networkOf("2001:db8:7::"), "2001:db8:7:0::/56")
  })
})
