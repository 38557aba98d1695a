import { Effect, Layer, Schedule, Stream } from "effect"
import * as DynamoEventStore from "../../../src/events/DynamoEventStore.ts"
import { Projector } from "../../../src/projections/Projector.ts"
import { Reconcile } from "../../../src/projections/Reconcile.ts"
import { Redrive } from "../../../src/projections/Redrive.ts"
import { Verify } from "../../../src/projections/Verify.ts"
import { Process } from "../kernel/Process.ts"
import type { SkewedClock } from "../kernel/SkewedClock.ts"
import type { World } from "../kernel/World.ts"
import { type Engines, tables } from "./Engines.ts"
import { healing } from "./projecting.ts"
import { FiberCount, surroundings } from "./surroundings.ts"

/** What an operator runs by hand. */
export interface Operator {
  readonly redrive: Effect.Effect<void>
  readonly reconcile: Effect.Effect<void>
  readonly verify: Effect.Effect<void>
}

/**
 * Runs the tasks of `ops`, each in a process of its own, as often as asked. What fails is run again as an operator would: a
 * while later, some times.
 */
export const makeOperator = (world: World, { cache, dynamo, postgres }: Engines, clock: SkewedClock): Operator => {
  let runs = 0
  const run = <E>(name: string, task: Effect.Effect<unknown, E, Redrive | Reconcile | Verify>) =>
    Effect.suspend(() => {
      const process = new Process(`${name}#${++runs}`)
      const around = surroundings({ chance: world.chance.fork(process.name), clock, fibers: new FiberCount() })
      const tools = Layer.mergeAll(Redrive.layer, Reconcile.layer, Verify.layer).pipe(
        Layer.provide(Projector.layer),
        Layer.provide([DynamoEventStore.layer({ table: tables.events }), cache.connect(process)]),
        Layer.provide([dynamo.connect(process), postgres.connect(process)]),
        Layer.provideMerge(Layer.merge(around, healing))
      )
      world.journal.tell(process.name, () => "begins")
      return task.pipe(
        Effect.provide(tools),
        Effect.onExit((exit) => Effect.sync(() => world.journal.tell(process.name, () => exit._tag)))
      )
    }).pipe(Effect.retry({ times: 20, schedule: Schedule.spaced("2 seconds") }), Effect.ignore)
  return {
    redrive: run("redrive", Effect.flatMap(Redrive, ({ all }) => Stream.runDrain(all))),
    reconcile: run("reconcile", Effect.flatMap(Reconcile, ({ scan }) => Stream.runDrain(scan()))),
    verify: run("verify", Effect.flatMap(Verify, ({ run }) => Stream.runDrain(run)))
  }
}
