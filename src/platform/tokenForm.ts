/** The longest token that is looked at, in characters. */
export const maxTokenLength = 8192

// Base64url as its encoder writes it (RFC 4648, sections 3.5 and 5): no padding, no white space, and nothing in the bits of
// the last character that carry nothing.
const part = "(?:[\\w-]{4})*(?:[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])?"
const form = new RegExp(`^${part}\\.${part}\\.${part}$`)

/**
 * Why something can't be a token of three parts as an issuer writes it (RFC 7515, section 7.1); undefined if it may be one.
 *
 * Decoders are lenient: they would take a signature in many spellings, each of which were another token to whoever
 * remembers tokens.
 */
export const faultOfForm = (token: string): string | undefined => {
  if (token === "") return "no token"
  if (token.length > maxTokenLength) return "longer than any token"
  return form.test(token) ? undefined : "not three parts of base64url"
}
