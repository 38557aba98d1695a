import * as Schema from "effect/Schema"
import { CommentId } from "../domain/ids.ts"

/** What was to be done together with an append couldn't be done any more. Nothing was appended. */
export class AppendRefused extends Schema.TaggedError<AppendRefused>()("AppendRefused", { stream: CommentId }) {}
