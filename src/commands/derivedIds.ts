import { createHash } from "node:crypto"
import type { AuthorId, PictureId } from "../domain/ids.ts"
import { CommandId, CommentId, Fingerprint } from "../domain/ids.ts"
import { uuidFromHex } from "../domain/uuidHex.ts"

// Length-prefixed, so that no two lists of parts run together into the same bytes.
const digestOf = (parts: ReadonlyArray<string>): Buffer => {
  const hash = createHash("sha256")
  for (const part of parts) {
    const bytes = Buffer.from(part, "utf8")
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  return hash.digest()
}

// UUIDv8 (RFC 9562, section 5.8): 122 bits of the digest around the version and the variant.
const uuidV8 = (parts: ReadonlyArray<string>): string => {
  const bytes = digestOf(parts).subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return uuidFromHex(bytes.toString("hex"))
}

/** The id of the comment that an author's `POST` under a key creates. A raw key identifies nothing: two authors may choose the same. */
export const derivedCommentId = (author: AuthorId, key: string): CommentId =>
  CommentId.make(uuidV8(["comment", author, key]))

/** The id of a command on a comment under a key, the same for every retry. `PATCH` and `DELETE` share an author's keys. */
export const derivedCommandId = (author: AuthorId, target: CommentId, key: string): CommandId =>
  CommandId.make(uuidV8(["command", author, target, key]))

/** A digest of what a command asks for: its method, its target and the normalised text. */
export const fingerprintOf = (
  method: "POST" | "PATCH" | "DELETE",
  target: CommentId | PictureId,
  text: string
): Fingerprint => Fingerprint.make(digestOf([method, target, text]).subarray(0, 9).toString("base64url"))
