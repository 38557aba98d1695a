import type { Chance } from "./Chance.ts"
import type { Faults } from "./Faults.ts"
import type { Journal } from "./Journal.ts"

/** What all simulated engines and actors of one run share. */
export interface World {
  readonly chance: Chance
  readonly faults: Faults
  readonly journal: Journal
}
