import * as Option from "effect/Option"
import type { EncodedCommit } from "../events/Commit.ts"

// JSON's text has these only as escapes, behind an odd number of backslashes. PostgreSQL's `jsonb` takes neither NUL nor
// half of a surrogate pair.
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i

/**
 * A commit that couldn't be projected, as JSON text that `jsonb` takes whatever is in it: where `jsonb` would refuse the
 * JSON value, a JSON string that holds the value's JSON text. Null if it isn't a JSON value at all.
 */
export const parkedPayload = (commit: EncodedCommit | null): string | null =>
  commit === null
    ? null
    : Option.match(Option.liftThrowable(() => JSON.stringify(commit))(), {
      onNone: () => null,
      onSome: (json) => (unstorable.test(json) ? JSON.stringify(json) : json)
    })
