import { Context, Effect, Layer, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import assert from "node:assert"
import { CommandInbox } from "../../src/commands/CommandInbox.ts"
import { InboxHandler } from "../../src/commands/InboxHandler.ts"
import type { CommentCommand } from "../../src/domain/CommentCommand.ts"
import type { CommandId } from "../../src/domain/ids.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import { MemoryLog } from "../../src/events/internal/MemoryLog.ts"
import { commitOn } from "../support/commitOn.ts"
import { edited } from "../support/encodedCommits.ts"
import { eventsOf } from "../support/handling.ts"
import { entryOf } from "../support/inboxEntries.ts"
import { inboxOnMemory } from "../support/inboxOn.ts"
import { makeTurns, type Turns } from "../support/turns.ts"
import { commitFor } from "./commandInboxSteps.ts"

/** A world in which one command is delivered more than once. */
export interface Scenario {
  readonly name: string
  /** What is appended before. */
  readonly before: ReadonlyArray<CommentCommand>
  readonly command: CommentCommand
  readonly deliveries: number
  /** How often somebody else edits the comment, all in one step, at any point. */
  readonly rivalEdits: number
  /** Whether a delivery may be cut off at any point. */
  readonly mayDie: boolean
}

/** What deliveries must never do. */
export type DeliveryPromise =
  | "an outcome stands for ever"
  | "the log has the command's events if and only if it was accepted, and once"
  | "a command comes to an outcome"

/** An inbox as deliveries see it, made of one that keeps its promises: itself, or one that doesn't. */
export type Disguise = (inbox: CommandInbox["Service"], store: EventStore["Service"]) => CommandInbox["Service"]

const gatedInbox = (inbox: CommandInbox["Service"], turns: Turns, actor: string) =>
  CommandInbox.of({
    ...inbox,
    find: (id) => turns.step(actor, "find")(inbox.find(id)),
    settle: (id, outcome) => turns.step(actor, "settle")(inbox.settle(id, outcome)),
    appendAndSettle: (head, commit, id, outcome) =>
      turns.step(actor, "append and settle")(inbox.appendAndSettle(head, commit, id, outcome))
  })

const gatedStore = (store: EventStore["Service"], turns: Turns, actor: string) =>
  EventStore.of({
    ...store,
    load: (stream, consistency) => turns.step(actor, `load (${consistency})`)(store.load(stream, consistency)),
    append: (head, commit) => turns.step(actor, "append")(store.append(head, commit)),
    readStream: (stream, options) => turns.step(actor, "read")(store.readStream(stream, options))
  })

/** A fresh world of a scenario, at its beginning. */
export const makeWorld = Effect.fnUntraced(function*(scenario: Scenario, disguise: Disguise) {
  const { before, command, deliveries, rivalEdits } = scenario
  const made = yield* Layer.build(Layer.fresh(inboxOnMemory))
  const [store, inbox, log] = [
    Context.get(made, EventStore),
    Context.get(made, CommandInbox),
    Context.get(made, MemoryLog)
  ]
  const turns = makeTurns()
  for (const earlier of before) {
    const head = yield* store.load(earlier.commentId, "strong")
    yield* store.append(head, commitFor(head, earlier))
  }
  yield* inbox.accept(entryOf(command))

  const handlerOf = (actor: string | null) => {
    const disguised = disguise(inbox, store)
    return Effect.map(
      Layer.build(
        Layer.fresh(InboxHandler.layer).pipe(
          Layer.provide([
            Layer.succeed(CommandInbox, actor === null ? inbox : gatedInbox(disguised, turns, actor)),
            Layer.succeed(EventStore, actor === null ? store : gatedStore(store, turns, actor)),
            SecureRandom.layerWebCrypto
          ])
        )
      ),
      Context.get(InboxHandler)
    )
  }

  for (let n = 1; n <= deliveries; n++) {
    const actor = `delivery ${n}`
    const handler = yield* handlerOf(actor)
    yield* turns.begin(actor, handler.run(command.commandId))
  }
  if (rivalEdits > 0) {
    const rival = Effect.gen(function*() {
      let head = yield* store.load(command.commentId, "strong")
      if (head.version === 0 || head.state._tag !== "Active") return
      for (let n = 0; n < rivalEdits; n++) head = yield* store.append(head, commitOn(head, [edited(`rival ${n}`)]))
    })
    yield* turns.begin("rival", turns.step("rival", "edit")(rival))
  }

  const find = (id: CommandId) => Effect.map(inbox.find(id), (found) => Option.getOrElse(found, assert.fail))
  const outcome = Effect.map(find(command.commandId), ({ outcome }) => outcome)
  const countAppended = eventsOf(command.commentId).pipe(
    Effect.map((events) => events.filter(({ commandId }) => commandId === command.commandId).length),
    Effect.provideService(MemoryLog, log)
  )
  // It is asked for after every step, and few of them append. What is in the log stays there as it is.
  let [counted, count] = [-1, 0]
  const appended = Effect.gen(function*() {
    if (log.length() !== counted) [counted, count] = [log.length(), yield* countAppended]
    return count
  })
  return { turns, outcome, appended, redeliver: Effect.flatMap(handlerOf(null), ({ run }) => run(command.commandId)) }
})
