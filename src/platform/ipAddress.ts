import { isIPv6 } from "node:net"

// As URLs have it: in lower case, without leading zeros, and without dots.
const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/

const bytesOf = (group: string): ReadonlyArray<number> => {
  const bits = Number.parseInt(group, 16)
  return [bits >> 8, bits & 255]
}

/**
 * An address of a socket as all write it: one of IPv4 that was reached by IPv6 (RFC 4291, section 2.5.5.2), however that is
 * spelt, as IPv4; none with a zone (RFC 4007, section 11), which means something on one machine only.
 */
export const plainAddress = (address: string): string => {
  const [plain = ""] = address.split("%", 1)
  if (!isIPv6(plain)) return plain
  const [, high, low] = mapped.exec(new URL(`http://[${plain}]`).hostname) ?? []
  return high === undefined || low === undefined ? plain : [...bytesOf(high), ...bytesOf(low)].join(".")
}
