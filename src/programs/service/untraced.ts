import * as Layer from "effect/Layer"
import * as References from "effect/References"

/** Nobody exports its traces, so no spans are made for them. */
export const untraced = Layer.succeed(References.TracerEnabled, false)
