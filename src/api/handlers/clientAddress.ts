import * as Context from "effect/Context"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Option from "effect/Option"
import { isIP } from "node:net"
import { plainAddress } from "../../platform/ipAddress.ts"

/**
 * The one header, in lower case, that whoever stands before this program sets to the client's address, replacing what a
 * client may have sent; null where nobody does. No other header is ever believed about that.
 */
export const ClientAddressHeader = Context.Reference<string | null>("marginalia/api/handlers/ClientAddressHeader", {
  defaultValue: () => null
})

/**
 * Where a request comes from: what the trusted header says, if that is exactly one IP address, else the address that the
 * connection comes from.
 */
export const clientAddress = (
  { headers, remoteAddress }: Pick<HttpServerRequest, "headers" | "remoteAddress">,
  trusted: string | null
): string => {
  const told = trusted === null ? undefined : headers[trusted]
  // A header that came twice has a comma in it, and is no address. A zone means something on one machine only.
  if (told !== undefined && !told.includes("%") && isIP(told) !== 0) return plainAddress(told)
  return plainAddress(Option.getOrElse(remoteAddress, () => "unknown"))
}

const groupsOf = (part: string): ReadonlyArray<string> => part.split(":").filter((group) => group !== "")

/**
 * Whom a limit holds for that is kept by address: the address itself, or the network of 56 bits that one of IPv6 lies in,
 * all of which is one subscriber's (RFC 6177, section 2).
 */
export const networkOf = (address: string): string => {
  if (isIP(address) !== 6) return address
  // As URLs have it: in lower case, without leading zeros, and without dots.
  const [before = "", after = ""] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::")
  const [head, tail] = [groupsOf(before), groupsOf(after)]
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0")
  const [one = "0", two = "0", three = "0", four = "0"] = [...head, ...zeros, ...tail]
  return `${one}:${two}:${three}:${(Number.parseInt(four, 16) & 0xff00).toString(16)}::/56`
}
