import * as Effect from "effect/Effect"
import type { CommandId } from "../domain/ids.ts"
import type { EventStoreUnavailable } from "../events/EventStore.ts"
import type { InboxUnavailable } from "./CommandInbox.ts"
import type { InboxHandler } from "./InboxHandler.ts"

const leftToSweeper = (id: CommandId) => (cause: unknown) =>
  Effect.logError("An accepted command is still pending, and will be swept", cause).pipe(
    Effect.annotateLogs({ commandId: id })
  )

/**
 * Runs a command that a stream delivers. What is wrong with one command must not hold up the others, and is left to the
 * sweeper: it fails only where the inbox or the log can't be reached, and then is to be delivered again.
 */
export const runDelivered = (
  inbox: InboxHandler["Service"],
  id: CommandId
): Effect.Effect<void, InboxUnavailable | EventStoreUnavailable> =>
  inbox.run(id).pipe(
    Effect.asVoid,
    Effect.catchTag("CommandContended", leftToSweeper(id)),
    Effect.catchDefect(leftToSweeper(id))
  )
