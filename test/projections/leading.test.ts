import { it } from "@effect/vitest"
import { Layer } from "effect"
import { leading } from "../contract/leading.ts"
import { PostgresControls } from "../contract/PostgresControls.ts"
import { describePostgres } from "../engines/databases.ts"

describePostgres("Whoever leads", (engine) => {
  const client = Layer.provideMerge(PostgresControls.layer, engine.database({ maxConnections: 6 }))
  it.layer(client, { excludeTestServices: true })(leading)
})
