import { Clock, Effect, Layer } from "effect"
import * as PostgresReadModel from "../../../../src/queries/PostgresReadModel.ts"
import { Chance } from "../../kernel/Chance.ts"
import { noFaults } from "../../kernel/Faults.ts"
import { Journal } from "../../kernel/Journal.ts"
import { Process } from "../../kernel/Process.ts"
import { runningClock } from "./runningClock.ts"
import { SimulatedPostgres } from "./SimulatedPostgres.ts"

/** An empty simulated read model in time of its own, and the client to fill it. */
export const simulatedReadModel = (name: string, maxConnections = 10) => {
  const client = Layer.unwrap(Effect.map(Clock.clockWith(Effect.succeed), (clock) => {
    const chance = new Chance(name)
    const journal = new Journal(() => clock.currentTimeMillisUnsafe(), false)
    return new SimulatedPostgres({ chance, faults: noFaults(chance), journal })
      .connect(new Process("test"), { maxConnections })
  }))
  return PostgresReadModel.layer.pipe(Layer.provideMerge(client), Layer.provideMerge(runningClock))
}
