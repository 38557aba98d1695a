import { hash } from "node:crypto"

/**
 * A strong entity tag (RFC 9110, section 8.8.3), quoted, that depends on the content only: 132 bits of its SHA-256. The
 * same bytes have the same tag, whoever made them and wherever they come from.
 */
export const etagOf = (body: Uint8Array): string => `"${hash("sha256", body, "base64url").slice(0, 22)}"`
