import { Schema } from "effect"

/** A part of the check has failed; `message` is what a person must read to put it right. */
export class CheckFailed extends Schema.TaggedError<CheckFailed>()("CheckFailed", { message: Schema.String }) {}
