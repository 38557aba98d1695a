import { Effect, Result, Schema } from "effect"
import type { Answer } from "../../src/commands/Answer.ts"
import { answerOf, CommandContended } from "../../src/commands/Answer.ts"
import type { CommandHandler } from "../../src/commands/CommandHandler.ts"
import type { CommentCommand } from "../../src/domain/CommentCommand.ts"
import type { RecordedEvent } from "../../src/domain/CommentEvent.ts"
import type { CommentState } from "../../src/domain/CommentState.ts"
import { absent } from "../../src/domain/CommentState.ts"
import { evolve } from "../../src/domain/evolve.ts"
import { Rejection } from "../../src/domain/Rejection.ts"
import { standingOf } from "../../src/domain/Standing.ts"
import type { CommitUndecodable } from "../../src/events/EventStore.ts"
import { EventStoreUnavailable } from "../../src/events/EventStore.ts"
import { MemoryLog } from "../../src/events/internal/MemoryLog.ts"
import { decided } from "./given.ts"
import { handle } from "./handling.ts"

/** What came of a command as whoever sent it saw it, and which versions its stream truly had meanwhile. */
export interface Testimony {
  readonly command: CommentCommand
  readonly result: Result.Result<Answer, Rejection | CommandContended | EventStoreUnavailable | CommitUndecodable>
  /** The stream's true version when the command arrived. */
  readonly from: number
  /** The stream's true version when it was answered. */
  readonly to: number
}

const trueVersion = ({ commentId }: CommentCommand): Effect.Effect<number, never, MemoryLog> =>
  MemoryLog.use((log) => Effect.sync(() => log.newestFirst(commentId, null, 1)[0]?.lastVersion ?? 0))

/** Handles a command and bears witness of it. */
export const witnessed = (command: CommentCommand): Effect.Effect<Testimony, never, CommandHandler | MemoryLog> =>
  Effect.gen(function*() {
    const from = yield* trueVersion(command)
    const result = yield* Effect.result(handle(command))
    return { command, result, from, to: yield* trueVersion(command) }
  })

/** Whether a command was answered as one that was accepted, unchanged or replayed. */
export const isAnswered = ({ result }: Testimony, outcome: Answer["outcome"]): boolean =>
  Result.isSuccess(result) && result.success.outcome === outcome

// Compared as JSON: the same brands and classes don't matter, the content does.
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** What a handler should answer that decides a command at one version of its stream. */
const expectedAt = (command: CommentCommand, events: ReadonlyArray<RecordedEvent>, version: number): unknown => {
  const stateAt = (version: number): CommentState => events.slice(0, version).reduce(evolve, absent)
  const state = stateAt(version)
  const outcome = decided(state, command)
  const answer = (name: Answer["outcome"], at: number, of: number) => {
    const [standing, comment] = [stateAt(at), stateAt(of)]
    if (standing._tag === "Absent" || comment._tag === "Absent") return "nothing, for there is no comment"
    return { ...answerOf(name, command.commentId, comment), standing: standingOf(command.commentId, standing) }
  }
  switch (outcome._tag) {
    case "Accepted": {
      const after = version + outcome.events.length
      const mine = events.slice(version, after)
      const isMine = same(mine.map(({ body }) => body), outcome.events) &&
        mine.every(({ commandId }) => commandId === command.commandId)
      return isMine ? answer("accepted", after, after) : "nothing, for its events aren't in the log"
    }
    case "Unchanged":
      return answer("unchanged", version, version)
    case "Replayed":
      return answer("replayed", version, outcome.version)
    default:
      return outcome
  }
}

const encodeRejection = Schema.encodeSync(Rejection)
const isContended = Schema.is(CommandContended)
const isUnavailable = Schema.is(EventStoreUnavailable)
const isRejection = Schema.is(Rejection)

/**
 * Whether what came of a command follows from one of the states that its stream truly had between its arrival and its
 * answer. `events` are all that the stream came to have. A command that couldn't be decided needs no explanation.
 */
export const isExplained = (
  { command, from, result, to }: Testimony,
  events: ReadonlyArray<RecordedEvent>
): boolean => {
  const versions = Array.from({ length: to - from + 1 }, (_, index) => from + index)
  if (Result.isSuccess(result)) {
    return versions.some((version) => same(result.success, expectedAt(command, events.slice(0, to), version)))
  }
  const error = result.failure
  if (isContended(error)) return versions.includes(error.standing.version)
  if (isUnavailable(error)) return true
  return isRejection(error) &&
    versions.some((version) => same(encodeRejection(error), expectedAt(command, events.slice(0, to), version)))
}
