import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { runDelivered } from "../../commands/deliveries.ts"
import { InboxHandler } from "../../commands/InboxHandler.ts"
import { acceptedIn } from "../../commands/inboxRecords.ts"
import type { StreamRecord } from "../../platform/DynamoStreams.ts"
import { whileLeading } from "../../projections/leading.ts"
import { follow } from "../../projections/StreamFollower.ts"
import type { Following } from "./followEvents.ts"

/** How many commands of a batch are run at once. */
const concurrency = 8

/**
 * Runs the commands that are put into the inbox's table, as long as the layer lives. Where the inbox or the log can't be
 * reached the batch is taken again.
 */
export const followInbox = ({ pollInterval, table }: Following) =>
  Layer.effectDiscard(Effect.gen(function*() {
    const inbox = yield* InboxHandler
    const handler = (records: ReadonlyArray<StreamRecord>) =>
      Effect.forEach(
        records.map(acceptedIn).filter((id) => id !== null),
        (id) => runDelivered(inbox, id),
        { concurrency, discard: true }
      )
    yield* Effect.forkScoped(whileLeading(`stream:${table}`, follow({ table, handler, pollInterval })))
  }))
