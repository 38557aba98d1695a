import { describe, it } from "@effect/vitest"
import type { Layer } from "effect"
import type { CommandInbox } from "../../src/commands/CommandInbox.ts"
import type { EventStore } from "../../src/events/EventStore.ts"
import { deliveries } from "./commandInboxDeliveries.ts"
import { entries } from "./commandInboxEntries.ts"
import { settling } from "./commandInboxSettling.ts"

/** What every inbox promises, whatever it is made of, beside the event store that it settles with. */
export const commandInboxContract = <E>(name: string, layer: Layer.Layer<CommandInbox | EventStore, E>): void => {
  describe(`${name} is a command inbox: it`, () => {
    it.layer(layer, { excludeTestServices: true })((it) => {
      entries(it)
      settling(it)
      deliveries(it)
    })
  })
}
