import * as Context from "effect/Context"
import type * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { CommentCommand } from "../domain/CommentCommand.ts"
import type { Rejection } from "../domain/Rejection.ts"
import type { CommitUndecodable, EventStoreUnavailable } from "../events/EventStore.ts"
import { EventStore } from "../events/EventStore.ts"
import type { Answer, CommandContended } from "./Answer.ts"
import type { Append, Origin } from "./decideAndAppend.ts"
import { makeDecideAndAppend } from "./decideAndAppend.ts"
import { settledAppend } from "./settle.ts"

/** Decides commands and appends what was decided, while whoever asked waits for the answer. */
export class CommandHandler extends Context.Service<CommandHandler, {
  handle(
    command: CommentCommand,
    origin: Origin
  ): Effect.Effect<Answer, Rejection | CommandContended | EventStoreUnavailable | CommitUndecodable>
}>()("marginalia/commands/CommandHandler") {
  static readonly layer: Layer.Layer<CommandHandler, never, EventStore | SecureRandom.SecureRandom> = Layer.effect(
    CommandHandler,
    Effect.gen(function*() {
      const store = yield* EventStore
      const decideAndAppend = yield* makeDecideAndAppend
      const append: Append<EventStoreUnavailable> = (head, commit) => settledAppend(store.append(head, commit))

      return CommandHandler.of({
        handle: Effect.fn("CommandHandler.handle")(function*(command, origin) {
          return yield* decideAndAppend(command, origin, append)
        })
      })
    })
  )
}
