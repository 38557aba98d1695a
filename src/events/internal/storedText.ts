import * as Schema from "effect/Schema"
import type { CommentText } from "../../domain/CommentText.ts"

/**
 * A comment's text out of the log. It met the rules when it was written, and isn't held to them again: what a grapheme is,
 * and how a code point is normalised that was unassigned then, changes with the Unicode version of the runtime, and a text
 * that was accepted once must stay readable.
 */
export const StoredText: Schema.Codec<CommentText, string> = Schema.String.pipe(Schema.brand("CommentText"))
