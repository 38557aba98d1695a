import { BlockList, isIP } from "node:net"

const privateAddresses = new BlockList()
// This machine; private networks (RFC 1918); unique local addresses (RFC 4193).
privateAddresses.addSubnet("127.0.0.0", 8, "ipv4")
privateAddresses.addSubnet("10.0.0.0", 8, "ipv4")
privateAddresses.addSubnet("172.16.0.0", 12, "ipv4")
privateAddresses.addSubnet("192.168.0.0", 16, "ipv4")
privateAddresses.addAddress("::1", "ipv6")
privateAddresses.addSubnet("fc00::", 7, "ipv6")

// RFC 6761 for localhost; ICANN keeps .internal for private use. A name without a dot is one of the own network.
const privateName = /^(?:[a-z0-9_-]+|(?:[a-z0-9_-]+\.)+(?:localhost|internal))$/i

/** Whether a URL's host is this machine or one of its own network, which nobody can reach, or pretend to be, from outside. */
export const isPrivateHost = ({ hostname }: URL): boolean => {
  const host = hostname.replace(/^\[(.*)\]$/, "$1")
  const version = isIP(host)
  return version === 0 ? privateName.test(host) : privateAddresses.check(host, version === 4 ? "ipv4" : "ipv6")
}

/** Whether what is got from a URL is what its host said: by TLS, or from this machine or its own network. */
export const isTrustworthy = (url: string): boolean => {
  if (!URL.canParse(url)) return false
  const parsed = new URL(url)
  return parsed.protocol === "https:" || (parsed.protocol === "http:" && isPrivateHost(parsed))
}
