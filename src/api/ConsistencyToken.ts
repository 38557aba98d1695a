import * as Base64Url from "effect/encoding/Base64Url"
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { AuthorId, PictureId } from "../domain/ids.ts"
import { CommentId } from "../domain/ids.ts"
import type { Standing } from "../domain/Standing.ts"
import { hexOfUuid, uuidFromHex } from "../domain/uuidHex.ts"

/** How many tokens a request may carry. */
export const maxTokens = 16

/**
 * What a command's answer reflects: a stream at a version, and enough to tell which lists it concerns. Picture and author
 * are there as digests, so that sixteen tokens fit into one header however long the names are; that two names share a
 * digest costs a needless wait and nothing else.
 */
export interface ConsistencyToken {
  readonly stream: CommentId
  /** 0 when the command found no comment. */
  readonly version: number
  readonly pictureDigest: number
  readonly authorDigest: number
}

const format = 1
const length = 29
const encoder = new TextEncoder()
const isCommentId = Schema.is(CommentId)

// FNV-1a, 32 bits (RFC 9923): short, and it needs no crypto in a browser.
const digest = (name: string): number =>
  encoder.encode(name).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0

/** The token that a command's answer carries. */
export const encodeConsistencyToken = ({ authorId, commentId, pictureId, version }: Standing): string => {
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, format)
  bytes.set(Result.getOrThrow(Hex.decode(hexOfUuid(commentId))), 1)
  view.setUint32(17, version)
  view.setUint32(21, digest(pictureId))
  view.setUint32(25, digest(authorId))
  return Base64Url.encode(bytes)
}

const decode = (text: string): ConsistencyToken | undefined => {
  const bytes = Result.getOrUndefined(Base64Url.decode(text))
  if (bytes?.length !== length || bytes[0] !== format || Base64Url.encode(bytes) !== text) return undefined
  const stream = uuidFromHex(Hex.encode(bytes.subarray(1, 17)))
  if (!isCommentId(stream)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return { stream, version: view.getUint32(17), pictureDigest: view.getUint32(21), authorDigest: view.getUint32(25) }
}

/** Reads a `Consistency-Token` request header: 1 to 16 tokens, separated by commas. Fails with what is wrong with it. */
export const parseConsistencyTokens = (header: string): Result.Result<ReadonlyArray<ConsistencyToken>, string> => {
  const texts = header.split(",").map((text) => text.trim())
  if (texts.length > maxTokens) return Result.fail(`at most ${maxTokens} tokens, but there are ${texts.length}`)
  const tokens: Array<ConsistencyToken> = []
  for (const text of texts) {
    const token = decode(text)
    if (token === undefined) return Result.fail("not a token that this service gave out")
    tokens.push(token)
  }
  return Result.succeed(tokens)
}

/** Whether a list of this picture's comments reflects the command. */
export const concernsPicture = (token: ConsistencyToken, picture: PictureId): boolean =>
  token.pictureDigest === digest(picture)

/** Whether a list of this author's comments reflects the command. */
export const concernsAuthor = (token: ConsistencyToken, author: AuthorId): boolean =>
  token.authorDigest === digest(author)
