import { Layer } from "effect"
import { eventStoreContract } from "../contract/eventStore.ts"
import * as PostgresLogControls from "../contract/PostgresLogControls.ts"
import { describeEngines } from "../engines/databases.ts"
import { eventLog } from "../support/eventLog.ts"

describeEngines("PostgresEventStore", (engine) => {
  eventStoreContract(
    `PostgresEventStore on ${engine.name}`,
    PostgresLogControls.layer.pipe(Layer.provideMerge(eventLog(engine, { maxConnections: 32 })))
  )
})
