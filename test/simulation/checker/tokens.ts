import { Schema } from "effect"
import { CommentId } from "../../../src/domain/ids.ts"

/** What a consistency token says: clients can't know, but whoever judges the service may look. */
export interface Reflected {
  readonly stream: CommentId
  readonly version: number
}

const isCommentId = Schema.is(CommentId)

/** Format 1: a byte that says so, the stream's 16 bytes, the version in four, and two digests that are of no interest here. */
export const reflectedBy = (token: string): Reflected | null => {
  const bytes = Buffer.from(token, "base64url")
  if (bytes.length !== 29 || bytes[0] !== 1) return null
  const hex = bytes.toString("hex", 1, 17)
  const stream = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-")
  return isCommentId(stream) ? { stream, version: bytes.readUInt32BE(17) } : null
}

/** All that a request's tokens say; null where one of them is none. */
export const allReflectedBy = (header: string): ReadonlyArray<Reflected> | null => {
  const all: Array<Reflected> = []
  for (const token of header.split(",")) {
    const reflected = reflectedBy(token.trim())
    if (reflected === null) return null
    all.push(reflected)
  }
  return all
}
