import { Schema } from "effect"

/** Something is wrong with what is taken from others; `message` is what a person must read to put it right. */
export class SupplyFault extends Schema.TaggedError<SupplyFault>()("SupplyFault", { message: Schema.String }) {}
