import type { CachedAnswer } from "./QueryCache.ts"

const format = 1
const headerBytes = 5
const noCursor = 0xffff

/**
 * An answer as one binary value: the format's number, the lengths of the entity tag and the cursor, both, then the body as
 * it is. Lengths are in bytes, big-endian.
 */
export const encodeEntry = ({ body, etag, nextCursor }: CachedAnswer): Buffer => {
  const etagBytes = Buffer.byteLength(etag)
  const cursorBytes = nextCursor === null ? 0 : Buffer.byteLength(nextCursor)
  const entry = Buffer.allocUnsafe(headerBytes + etagBytes + cursorBytes + body.byteLength)
  entry.writeUInt8(format, 0)
  entry.writeUInt16BE(etagBytes, 1)
  entry.writeUInt16BE(nextCursor === null ? noCursor : cursorBytes, 3)
  entry.write(etag, headerBytes)
  if (nextCursor !== null) entry.write(nextCursor, headerBytes + etagBytes)
  entry.set(body, headerBytes + etagBytes + cursorBytes)
  return entry
}

/**
 * The answer in an entry, its body a view of the entry's own bytes; or nothing if this isn't how we write one, as when a
 * newer version of the program shares the cache.
 */
export const decodeEntry = (entry: Buffer): CachedAnswer | undefined => {
  if (entry.byteLength < headerBytes || entry.readUInt8(0) !== format) return undefined
  const afterEtag = headerBytes + entry.readUInt16BE(1)
  const cursorBytes = entry.readUInt16BE(3)
  const afterCursor = cursorBytes === noCursor ? afterEtag : afterEtag + cursorBytes
  if (afterCursor > entry.byteLength) return undefined
  return {
    etag: entry.toString("utf8", headerBytes, afterEtag),
    nextCursor: cursorBytes === noCursor ? null : entry.toString("utf8", afterEtag, afterCursor),
    body: entry.subarray(afterCursor)
  }
}
