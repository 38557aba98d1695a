const mapped = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i

/**
 * An address of a socket as all write it: one of IPv4 that was reached by IPv6 (RFC 4291, section 2.5.5.2) as IPv4, none with
 * a zone (RFC 4007, section 11), which means something on one machine only.
 */
export const plainAddress = (address: string): string => address.replace(mapped, "").replace(/%.*$/, "")
