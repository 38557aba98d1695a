import { Context, Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import { CommandInbox, InboxUnavailable } from "../../src/commands/CommandInbox.ts"
import { InboxHandler } from "../../src/commands/InboxHandler.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import { inboxOnMemory } from "./inboxOn.ts"

type Inbox = CommandInbox["Service"]

/** What befalls an inbox in memory and its event store. Tests set it, one thing after the other; what isn't set goes on. */
export class Mishaps extends Context.Service<Mishaps, {
  inbox: Partial<Inbox>
  store: Partial<EventStore["Service"]>
  /** The inbox as it is when nothing befalls it. */
  readonly unharmed: Inbox
}>()("marginalia/test/support/running/Mishaps") {}

const brittle = Layer.effectContext(
  Effect.gen(function*() {
    const [inbox, store] = [yield* CommandInbox, yield* EventStore]
    const mishaps = Mishaps.of({ inbox: {}, store: {}, unharmed: inbox })
    const brittleInbox = CommandInbox.of({
      accept: (entry) => Effect.suspend(() => (mishaps.inbox.accept ?? inbox.accept)(entry)),
      find: (id) => Effect.suspend(() => (mishaps.inbox.find ?? inbox.find)(id)),
      settle: (id, outcome) => Effect.suspend(() => (mishaps.inbox.settle ?? inbox.settle)(id, outcome)),
      appendAndSettle: (head, commit, id, outcome) =>
        Effect.suspend(() => (mishaps.inbox.appendAndSettle ?? inbox.appendAndSettle)(head, commit, id, outcome)),
      stale: (before, limit) => Effect.suspend(() => (mishaps.inbox.stale ?? inbox.stale)(before, limit))
    })
    const brittleStore = EventStore.of({
      ...store,
      load: (stream, consistency) => Effect.suspend(() => (mishaps.store.load ?? store.load)(stream, consistency))
    })
    return Context.make(CommandInbox, brittleInbox).pipe(
      Context.add(EventStore, brittleStore),
      Context.add(Mishaps, mishaps)
    )
  })
)

/** The handler of an inbox in memory, and what may befall both. */
export const runningOnMemory = InboxHandler.layer.pipe(
  Layer.provideMerge(brittle),
  Layer.provide(inboxOnMemory),
  Layer.provide(SecureRandom.layerWebCrypto)
)

/** Lets something befall inbox or store from here on, in place of what befell them before. */
export const befall = (mishaps: Partial<Pick<Mishaps["Service"], "inbox" | "store">>) =>
  Mishaps.use((present) => Effect.sync(() => Object.assign(present, { inbox: {}, store: {}, ...mishaps })))

/** The inbox doesn't answer. */
export const inboxDown = (operation: InboxUnavailable["operation"], outcome: InboxUnavailable["outcome"] = "nothing") =>
  Effect.fail(new InboxUnavailable({ operation, outcome, cause: new Error("planned by a test") }))
