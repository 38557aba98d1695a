import { it } from "@effect/vitest"
import { healing } from "../contract/healing.ts"
import { describeEngines } from "../engines/databases.ts"
import { projectorOn } from "../support/projection.ts"

describeEngines("Healing a gap", (engine) => {
  it.layer(projectorOn(engine))(healing)
})
