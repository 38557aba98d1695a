import { Duration, Effect, Layer } from "effect"
import * as DynamoCommandInbox from "../../../src/commands/DynamoCommandInbox.ts"
import { InboxHandler } from "../../../src/commands/InboxHandler.ts"
import * as InboxSweeper from "../../../src/commands/InboxSweeper.ts"
import * as DynamoEventStore from "../../../src/events/DynamoEventStore.ts"
import type { StreamRecord } from "../../../src/platform/DynamoStreams.ts"
import { followEvents } from "../../../src/programs/stream-poller/followEvents.ts"
import { followInbox } from "../../../src/programs/stream-poller/followInbox.ts"
import { HealingLimits } from "../../../src/projections/healing.ts"
import { Projector } from "../../../src/projections/Projector.ts"
import { Reconcile } from "../../../src/projections/Reconcile.ts"
import { StreamCheckpoints } from "../../../src/projections/StreamCheckpoints.ts"
import { follow } from "../../../src/projections/StreamFollower.ts"
import { commitsIn } from "../../../src/projections/streamRecords.ts"
import { type Engines, tables } from "./Engines.ts"
import type { Wiring } from "./Program.ts"
import type { Sweeping } from "./services.ts"

/** Polls cost most of a run's time. */
const pollInterval = Duration.millis(400)

/** So little that what is missing is healed in several pieces, and gapped streams wait for their turns. */
export const healing = Layer.succeed(HealingLimits, { commits: 1, streams: 1 })

/** The stream poller, as its program wires it. Of several one leads, and the others wait for its end. */
export const streamPoller = ({ cache, dynamo, postgres }: Engines, sweeping: Sweeping): Wiring => (process) => {
  const log = DynamoEventStore.layer({ table: tables.events })
  const projecting = followEvents({ table: tables.events, pollInterval }).pipe(
    Layer.provide(Reconcile.layer),
    Layer.provide(Projector.layer),
    Layer.provide([log, cache.connect(process), healing])
  )
  const running = Layer.merge(
    followInbox({ table: tables.inbox, pollInterval }),
    InboxSweeper.layer(sweeping)
  ).pipe(
    Layer.provide(InboxHandler.layer),
    Layer.provide(DynamoCommandInbox.layer({ table: tables.inbox })),
    Layer.provide(log)
  )
  return Layer.merge(projecting, running).pipe(
    Layer.provide([dynamo.streamsFor(process), StreamCheckpoints.layer]),
    Layer.provide([dynamo.connect(process), postgres.connect(process)])
  )
}

/**
 * A projector to which the events' stream is delivered as to a Lambda: by somebody who remembers where the stream was left,
 * whatever becomes of the projector, and who never scans the log. It leads nobody and asks nobody: it projects at the same
 * time as the poller.
 */
export const deliveredProjector =
  ({ cache, dynamo, postgres }: Engines, checkpoints: StreamCheckpoints["Service"]): Wiring => (process) => {
    const projecting = Effect.flatMap(Projector, ({ project }) =>
      follow({
        table: tables.events,
        pollInterval,
        handler: (records: ReadonlyArray<StreamRecord>) => Effect.flatMap(commitsIn(records), project)
      }))
    return Layer.effectDiscard(Effect.forkScoped(projecting)).pipe(
      Layer.provide(Projector.layer),
      Layer.provide([DynamoEventStore.layer({ table: tables.events }), cache.connect(process), healing]),
      Layer.provide([dynamo.streamsFor(process), Layer.succeed(StreamCheckpoints, checkpoints)]),
      Layer.provide([dynamo.connect(process), postgres.connect(process)])
    )
  }
