import { it } from "@effect/vitest"
import { Layer } from "effect"
import { Verify } from "../../src/projections/Verify.ts"
import { verifying } from "../contract/verifying.ts"
import { describeEngines } from "../engines/databases.ts"
import { projectorOn } from "../support/projection.ts"

describeEngines("Verifying", (engine) => {
  it.layer(Verify.layer.pipe(Layer.provideMerge(projectorOn(engine))))(verifying)
})
