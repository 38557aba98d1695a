import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { EventStore } from "../../events/EventStore.ts"
import { eventStore, type EventStoreSettings } from "./eventStore.ts"

/**
 * The event store, loaded with the AWS SDK when something is first asked of it: a gap is rare, and the SDK is most of
 * what there would be to load.
 */
export const lazyEventStore = (settings: EventStoreSettings): Layer.Layer<EventStore> =>
  Layer.effect(
    EventStore,
    Effect.gen(function*() {
      const scope = yield* Scope.Scope
      const loaded = yield* Layer.buildWithScope(eventStore(settings), scope).pipe(
        Effect.map(Context.get(EventStore)),
        Effect.cached
      )
      return EventStore.of({
        load: (stream, consistency) => Effect.flatMap(loaded, (store) => store.load(stream, consistency)),
        append: (head, commit) => Effect.flatMap(loaded, (store) => store.append(head, commit)),
        readStream: (stream, options) => Effect.flatMap(loaded, (store) => store.readStream(stream, options)),
        readAll: (after) => Stream.unwrap(Effect.map(loaded, (store) => store.readAll(after)))
      })
    })
  )
