import { describe, it } from "@effect/vitest"
import type { Layer } from "effect"
import type { EventStore } from "../../src/events/EventStore.ts"
import type { EventLogControls } from "./EventLogControls.ts"
import { appends } from "./eventStoreAppends.ts"
import { loads } from "./eventStoreLoads.ts"
import { reads } from "./eventStoreReads.ts"

/** What every event store promises, whatever it is made of. The layer is built for each part, and tests write to streams of their own. */
export const eventStoreContract = <E>(name: string, layer: Layer.Layer<EventStore | EventLogControls, E>): void => {
  describe(`${name} is an event store: it`, () => {
    it.layer(layer, { excludeTestServices: true })(appends)
    it.layer(layer, { excludeTestServices: true })(loads)
    it.layer(layer, { excludeTestServices: true })(reads)
  })
}
