import { describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as DynamoCommandInbox from "../../../../src/commands/DynamoCommandInbox.ts"
import * as DynamoEventStore from "../../../../src/events/DynamoEventStore.ts"
import { commandInboxContract } from "../../../contract/commandInbox.ts"
import * as DynamoLogControls from "../../../contract/DynamoLogControls.ts"
import { eventStoreContract } from "../../../contract/eventStore.ts"
import { jointAppends } from "../../../contract/jointAppend.ts"
import { DynamoTables } from "../../../engines/dynamo.ts"
import { simulatedTables } from "./simulatedEngine.ts"

const store = Layer.unwrap(Effect.map(DynamoTables, ({ events }) => DynamoEventStore.layer({ table: events })))

const inbox = Layer.unwrap(Effect.map(DynamoTables, ({ inbox }) => DynamoCommandInbox.layer({ table: inbox })))

eventStoreContract(
  "DynamoEventStore on the simulated DynamoDB",
  DynamoLogControls.layer.pipe(Layer.provideMerge(store), Layer.provideMerge(simulatedTables))
)

commandInboxContract(
  "DynamoCommandInbox on the simulated DynamoDB",
  inbox.pipe(Layer.provideMerge(store), Layer.provideMerge(simulatedTables))
)

describe("An append together with another write on the simulated DynamoDB", () => {
  it.layer(store.pipe(Layer.provideMerge(simulatedTables)), { excludeTestServices: true })(jointAppends)
})
