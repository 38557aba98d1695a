/** The 32 hexadecimal digits of a UUID, without its hyphens. */
export const hexOfUuid = (uuid: string): string => uuid.replaceAll("-", "")

/** A UUID in its written form (RFC 9562, section 4) from its 32 hexadecimal digits. */
export const uuidFromHex = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
