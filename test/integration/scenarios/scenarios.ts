import { ending } from "./ending.ts"
import { killing } from "./killing.ts"
import type { Scenario } from "./Scenario.ts"
import { severing } from "./severing.ts"

/** All that is done to a site, in this order. */
export const scenarios: ReadonlyArray<Scenario> = [...killing, ...ending, ...severing]
