import { it } from "@effect/vitest"
import { projecting } from "../contract/projector.ts"
import { describeEngines } from "../engines/databases.ts"
import { projectorOn } from "../support/projection.ts"

describeEngines("The projector", (engine) => {
  it.layer(projectorOn(engine))(projecting)
})
