import { Effect, Layer } from "effect"
import { DynamoTables } from "../../../engines/dynamo.ts"
import { Chance } from "../../kernel/Chance.ts"
import { noFaults } from "../../kernel/Faults.ts"
import { Journal } from "../../kernel/Journal.ts"
import { Process } from "../../kernel/Process.ts"
import type { World } from "../../kernel/World.ts"
import { SimulatedDynamo } from "./SimulatedDynamo.ts"

/** A world in which nothing ever happens to anybody, at the time that a clock says. */
export const calmWorld = (now: () => number): World => {
  const chance = new Chance("calm")
  return { chance, faults: noFaults(chance), journal: new Journal(now, false) }
}

const tables = { events: "events", inbox: "inbox" }

/** A client of a simulated DynamoDB that takes no time, in the place of a real engine. */
export const simulatedTables = Layer.unwrap(Effect.clockWith((clock) =>
  Effect.sync(() => {
    const dynamo = new SimulatedDynamo(calmWorld(() => clock.currentTimeMillisUnsafe()), { tables, isImmediate: true })
    return Layer.merge(dynamo.connect(new Process("test")), Layer.succeed(DynamoTables, tables))
  })
))
