import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { CommentCommand } from "../domain/CommentCommand.ts"
import { type CommandId, Timestamp } from "../domain/ids.ts"
import { IdempotencyKeyReused } from "../domain/Rejection.ts"
import type { EntryUndecodable, InboxUnavailable } from "./CommandInbox.ts"
import { CommandInbox } from "./CommandInbox.ts"
import type { Origin } from "./decideAndAppend.ts"
import type { InboxEntry } from "./InboxEntry.ts"
import { settled } from "./settle.ts"

/** A command that will be decided, and where to look. */
export interface Accepted {
  readonly id: CommandId
  /** Whether it had been accepted before. */
  readonly replayed: boolean
}

// Only a repetition of the write that has the unknown outcome finds itself: a retry of the client comes later.
const isSame = (one: InboxEntry, other: InboxEntry): boolean =>
  one.acceptedAt === other.acceptedAt && one.origin.correlationId === other.origin.correlationId

/** Accepts commands to be decided later. */
export class CommandAcceptance extends Context.Service<CommandAcceptance, {
  /** Once this has succeeded, the command will be decided, whatever happens to this process. */
  accept(
    command: CommentCommand,
    origin: Origin
  ): Effect.Effect<Accepted, IdempotencyKeyReused | InboxUnavailable | EntryUndecodable>
}>()("marginalia/commands/CommandAcceptance") {
  /** `accepted` is told of each entry at once, where nothing else drives the inbox. */
  static readonly layer = (
    { accepted = () => Effect.void }: { readonly accepted?: (id: CommandId) => Effect.Effect<void> } = {}
  ): Layer.Layer<CommandAcceptance, never, CommandInbox> =>
    Layer.effect(
      CommandAcceptance,
      Effect.map(CommandInbox, (inbox) =>
        CommandAcceptance.of({
          accept: Effect.fn("CommandAcceptance.accept")(function*(command, origin) {
            const { commandId: id, commentId } = command
            const acceptedAt = Timestamp.make(Math.floor(yield* Clock.currentTimeMillis))
            const entry: InboxEntry = { command, origin, acceptedAt, outcome: null }
            const present = yield* settled(inbox.accept(entry))
            if (present !== null && present.command.fingerprint !== command.fingerprint) {
              return yield* new IdempotencyKeyReused({ commentId })
            }
            yield* accepted(id)
            return { id, replayed: present !== null && !isSame(present, entry) }
          })
        }))
    )
}
