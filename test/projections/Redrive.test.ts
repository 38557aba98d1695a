import { it } from "@effect/vitest"
import { Layer } from "effect"
import { Redrive } from "../../src/projections/Redrive.ts"
import { redriving } from "../contract/redriving.ts"
import { describeEngines } from "../engines/databases.ts"
import { projectorOn } from "../support/projection.ts"

describeEngines("Redriving", (engine) => {
  it.layer(Redrive.layer.pipe(Layer.provideMerge(projectorOn(engine))))(redriving)
})
