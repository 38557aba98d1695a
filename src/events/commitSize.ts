import { Buffer } from "node:buffer"

/**
 * The most that a commit may have: events and snapshot as JSON, in bytes of UTF-8. It is what a DynamoDB item holds
 * (400 KB) without 1 KB for keys and names, and the same for every store, so that none takes what another refuses.
 */
export const maxCommitBytes = 399 * 1024

/** Bytes of UTF-8. */
export const bytesOf = (json: string): number => Buffer.byteLength(json)
