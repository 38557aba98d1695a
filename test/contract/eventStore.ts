import { describe, it } from "@effect/vitest"
import type { Layer } from "effect"
import type { EventStore } from "../../src/events/EventStore.ts"
import type { EventLogControls } from "./EventLogControls.ts"
import { appends } from "./eventStoreAppends.ts"
import { loads } from "./eventStoreLoads.ts"
import { reads } from "./eventStoreReads.ts"

/** What every event store promises, whatever it is made of. Tests write to streams of their own. */
export const eventStoreContract = <E>(name: string, layer: Layer.Layer<EventStore | EventLogControls, E>): void => {
  describe(`${name} is an event store: it`, () => {
    it.layer(layer, { excludeTestServices: true })((it) => {
      appends(it)
      // They scan the log, before it has the long streams of those that load them.
      reads(it)
      loads(it)
    })
  })
}
