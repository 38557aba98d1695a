import * as Schema from "effect/Schema"

/** The command was carried out, and found or left something that an operator must look at. */
export class NotAllWell extends Schema.TaggedError<NotAllWell>()("NotAllWell", { message: Schema.String }) {}

/** The command was called in a way that says too little or too much. Nothing was done. */
export class Misused extends Schema.TaggedError<Misused>()("Misused", { message: Schema.String }) {}
