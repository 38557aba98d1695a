import { it } from "@effect/vitest"
import { readModelQueries } from "../contract/readModel.ts"
import { describeEngines } from "../engines/databases.ts"
import { migratedReadModel } from "../support/migratedReadModel.ts"

describeEngines("PostgresReadModel", (engine) => {
  it.layer(migratedReadModel(engine), { excludeTestServices: true })(readModelQueries)
})
