import { Schema } from "effect"

/** The benchmark can't go on; `message` says why, for whoever runs it. */
export class BenchError extends Schema.TaggedError<BenchError>()("BenchError", { message: Schema.String }) {}
