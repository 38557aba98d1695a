import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Schema from "effect/Schema"
import { CommentId } from "../../domain/ids.ts"

/** Shows what would be changed, and changes nothing. */
export const dryRun = Flag.Boolean("dry-run").pipe(
  Flag.withDescription("Say what would be changed, and change nothing"),
  Flag.withDefault(false)
)

/** For other programs to read. */
export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print JSON, one object on each line"),
  Flag.withDefault(false)
)

const streamId = Schema.String.pipe(Schema.decodeTo(CommentId))

/** A stream's id, which is its comment's. */
export const stream = Argument.String("stream").pipe(
  Argument.withDescription("The stream's id, which is its comment's"),
  Argument.withSchema(streamId)
)
