import { Chance } from "../kernel/Chance.ts"
import { type FaultKind, faultKinds } from "../kernel/Faults.ts"
import { type IncidentKind, incidentKinds } from "../world/incidentTable.ts"

/** What decides everything in a run. */
export interface Plan {
  readonly seed: number
  readonly operations: number
  readonly faults: ReadonlySet<FaultKind>
  readonly incidents: ReadonlySet<IncidentKind>
  /** The numbers of operations that are left out. */
  readonly dropped: ReadonlySet<number>
}

export const usualOperations = 60

/** What has the read model catch up whatever it has missed: where this happens, little of what went wrong before is seen. */
const rescues: ReadonlySet<IncidentKind> = new Set([
  "the events' stream is trimmed",
  "the events' stream is made anew",
  "the operator reconciles"
])

/**
 * The plan of a seed. Each has its own part of the faults and incidents: some are only seen where others don't get in their
 * way, and a few seeds have nothing but their clients.
 */
export const planOf = (seed: number, operations = usualOperations): Plan => {
  const chance = new Chance(`plan ${seed}`)
  const likelihood = chance.pick([0, 0.3, 0.6, 0.6, 1])
  const hasRescues = chance.happens(0.7)
  return {
    seed,
    operations,
    faults: new Set(faultKinds.filter(() => chance.happens(likelihood))),
    incidents: new Set(
      incidentKinds.filter((kind) => chance.happens(likelihood) && (hasRescues || !rescues.has(kind)))
    ),
    dropped: new Set()
  }
}
