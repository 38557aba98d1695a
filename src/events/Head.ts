import { absent } from "../domain/CommentState.ts"
import type { CommentId } from "../domain/ids.ts"
import type * as Internal from "./internal/head.ts"
import { makeHead } from "./internal/head.ts"

/**
 * Where a stream ends, as `load` or `append` returned it, and the state that its events fold to. The only thing that
 * `append` accepts as 'expected': nobody can make one up.
 */
export type Head = Internal.Head

/**
 * The head of a stream that doesn't exist yet. It claims nothing about the log: an append to it conflicts if the stream
 * does exist, and a rejection decided on it is not final.
 */
export const newStream = (stream: CommentId): Head => makeHead(stream, absent, 0)
