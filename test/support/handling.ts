import { Effect, Exit, Fiber, Layer, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { TestClock } from "effect/testing"
import type { Answer } from "../../src/commands/Answer.ts"
import { CommandHandler } from "../../src/commands/CommandHandler.ts"
import type { CommentCommand } from "../../src/domain/CommentCommand.ts"
import type { RecordedEvent } from "../../src/domain/CommentEvent.ts"
import type { CommentState } from "../../src/domain/CommentState.ts"
import { absent } from "../../src/domain/CommentState.ts"
import { evolve } from "../../src/domain/evolve.ts"
import type { CommentId } from "../../src/domain/ids.ts"
import { CorrelationId } from "../../src/domain/ids.ts"
import type { Commit } from "../../src/events/Commit.ts"
import { decodeCommit } from "../../src/events/EventCodec.ts"
import type { EventStore } from "../../src/events/EventStore.ts"
import { MemoryLog } from "../../src/events/internal/MemoryLog.ts"
import * as MemoryEventStore from "../../src/events/MemoryEventStore.ts"

/** The handler over the store in memory. */
export const onMemory: Layer.Layer<CommandHandler | EventStore | MemoryLog> = CommandHandler.layer.pipe(
  Layer.provideMerge(MemoryEventStore.layer),
  Layer.provide(SecureRandom.layerWebCrypto)
)

/** The handler over a store that a layer makes of the one in memory. */
export const handlerOver = <Given, E>(
  store: Layer.Layer<EventStore | Given, E, EventStore>
): Layer.Layer<CommandHandler | EventStore | MemoryLog | Given, E> =>
  CommandHandler.layer.pipe(
    Layer.provideMerge(store),
    Layer.provideMerge(MemoryEventStore.layer),
    Layer.provide(SecureRandom.layerWebCrypto)
  )

/** Where the commands of these tests come from. */
export const origin = {
  correlationId: CorrelationId.make("a-request"),
  traceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
}

export const handle = (command: CommentCommand) => CommandHandler.use((handler) => handler.handle(command, origin))

/** Runs a program to its end, and lets the test clock go on for as long as it waits for that. */
export const toItsEnd = Effect.fnUntraced(function*<A, E, R>(program: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(program)
  while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("10 millis")
  return yield* Fiber.join(fiber)
})

/** All commits of a stream, as they truly lie in the log. */
export const commitsOf = (stream: CommentId): Effect.Effect<ReadonlyArray<Commit>, never, MemoryLog> =>
  MemoryLog.use((log) =>
    Effect.sync(() =>
      log
        .newestFirst(stream, null, Number.MAX_SAFE_INTEGER)
        .toReversed()
        .map((encoded) => Result.getOrThrow(decodeCommit(encoded)))
    )
  )

/** All events of a stream, as they truly lie in the log. */
export const eventsOf = (stream: CommentId): Effect.Effect<ReadonlyArray<RecordedEvent>, never, MemoryLog> =>
  Effect.map(commitsOf(stream), (commits) => commits.flatMap(({ events }) => events))

/** The states that a stream went through: the one at index `n` is the one at version `n`. */
export const statesOf = (stream: CommentId): Effect.Effect<ReadonlyArray<CommentState>, never, MemoryLog> =>
  Effect.map(eventsOf(stream), (events) => {
    let state = absent
    return [state, ...events.map((event) => (state = evolve(state, event)))]
  })

/** The answer of a command that ended well. */
export const answersIn = <E>(exits: ReadonlyArray<Exit.Exit<Answer, E>>): ReadonlyArray<Answer> =>
  exits.flatMap((exit) => (Exit.isSuccess(exit) ? [exit.value] : []))
