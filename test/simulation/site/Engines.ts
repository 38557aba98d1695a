import type { SimulatedCache } from "../engines/cache/SimulatedCache.ts"
import type { SimulatedDynamo } from "../engines/dynamo/SimulatedDynamo.ts"
import type { SimulatedPostgres } from "../engines/postgres/SimulatedPostgres.ts"

/** What the programs of a site store things in. */
export interface Engines {
  readonly dynamo: SimulatedDynamo
  readonly postgres: SimulatedPostgres
  readonly cache: SimulatedCache
}

/** The tables in DynamoDB. */
export const tables = { events: "events", inbox: "inbox" } as const
