import { Clock, Effect, Layer } from "effect"
import * as PostgresReadModel from "../../../../src/queries/PostgresReadModel.ts"
import { PostgresControls } from "../../../contract/PostgresControls.ts"
import { Chance } from "../../kernel/Chance.ts"
import { noFaults } from "../../kernel/Faults.ts"
import { Journal } from "../../kernel/Journal.ts"
import { Process } from "../../kernel/Process.ts"
import { runningClock } from "./runningClock.ts"
import { SimulatedPostgres } from "./SimulatedPostgres.ts"

const controls = (postgres: SimulatedPostgres) =>
  Layer.succeed(
    PostgresControls,
    PostgresControls.of({
      waiting: (count) =>
        Effect.sync(() => postgres.waiting()).pipe(
          Effect.tap(Effect.sleep(1)),
          Effect.repeat({ until: (sessions) => sessions.length >= count }),
          Effect.map((sessions) => sessions.map(({ cut, query }) => ({ query, cut: Effect.sync(cut) })))
        ),
      cutLeaders: Effect.sync(() => postgres.cutLeaders())
    })
  )

/** An empty simulated read model in time of its own, the client to fill it, and what a test sees of its sessions. */
export const simulatedReadModel = (name: string, maxConnections = 10) => {
  const client = Layer.unwrap(Effect.map(Clock.clockWith(Effect.succeed), (clock) => {
    const chance = new Chance(name)
    const journal = new Journal(() => clock.currentTimeMillisUnsafe(), false)
    const postgres = new SimulatedPostgres({ chance, faults: noFaults(chance), journal })
    return Layer.merge(postgres.connect(new Process("test"), { maxConnections }), controls(postgres))
  }))
  return PostgresReadModel.layer.pipe(Layer.provideMerge(client), Layer.provideMerge(runningClock))
}
