import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { runDelivered } from "../commands/deliveries.ts"
import * as DynamoCommandInbox from "../commands/DynamoCommandInbox.ts"
import { InboxHandler } from "../commands/InboxHandler.ts"
import { acceptedIn } from "../commands/inboxRecords.ts"
import * as DynamoEventStore from "../events/DynamoEventStore.ts"
import { DynamoDb } from "../platform/DynamoDb.ts"
import * as Logging from "../platform/Logging.ts"
import { readInboxSettings } from "./inbox/settings.ts"
import { streamHandler } from "./lambda/streamHandler.ts"
import { untraced } from "./service/untraced.ts"

// A wrong setting fails the start of the container, with a sentence that Lambda logs.
const settings = await Effect.runPromise(readInboxSettings)

const run = Effect.fnUntraced(function*(records: ReadonlyArray<unknown>) {
  const inbox = yield* InboxHandler
  const accepted = records.map(acceptedIn).filter((id) => id !== null)
  yield* Effect.forEach(accepted, (id) => runDelivered(inbox, id), { concurrency: "unbounded", discard: true })
})

/** What runs accepted commands, as a Lambda: the records of the inbox table's stream, each through the command handler. */
export const handler = streamHandler({
  layer: InboxHandler.layer.pipe(
    Layer.provide(DynamoCommandInbox.layer({ table: settings.tables.inbox })),
    Layer.provide(DynamoEventStore.layer({ table: settings.tables.events })),
    Layer.provide([DynamoDb.layer(settings.dynamoDb), SecureRandom.layerWebCrypto])
  ),
  // The SDK finds out about dead connections by itself, and every request is tried again.
  isAlive: Effect.void,
  process: run,
  atOnce: 8,
  logging: Layer.merge(Logging.layer(settings), untraced)
})
