import { Effect, Layer } from "effect"
import { MemoryLog } from "../../src/events/internal/MemoryLog.ts"
import * as MemoryEventStore from "../../src/events/MemoryEventStore.ts"
import { EventLogControls } from "../contract/EventLogControls.ts"
import { eventStoreContract } from "../contract/eventStore.ts"
import { eventTailContract } from "../contract/eventTail.ts"

const controls = Layer.effect(
  EventLogControls,
  Effect.gen(function*() {
    const log = yield* MemoryLog
    return {
      plant: (commits) =>
        Effect.sync(() => {
          for (const { events, id, lastVersion, snapshot, stream, version } of commits) {
            const snapshotJson = snapshot === null ? null : JSON.stringify(snapshot)
            log.put({ id, stream, version, lastVersion, eventsJson: JSON.stringify(events), snapshotJson })
          }
        }),
      commitsReadBy: Effect.fnUntraced(function*(effect) {
        const before = log.commitsRead()
        yield* effect
        return log.commitsRead() - before
      })
    }
  })
)

const layer = controls.pipe(Layer.provideMerge(MemoryEventStore.layer))

eventStoreContract("MemoryEventStore", layer)
eventTailContract("MemoryEventStore", MemoryEventStore.layer)
