import { Effect } from "effect"
import type { CommentId } from "../../../src/domain/ids.ts"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import type { World } from "../kernel/World.ts"
import type { Engines } from "../site/Engines.ts"
import type { Site } from "../site/Site.ts"
import type { IncidentKind } from "./incidentTable.ts"

/** What befalls the site, at instants that the seed decides. */
export interface Incidents {
  readonly happen: (kinds: ReadonlySet<IncidentKind>, duration: number) => Effect.Effect<void>
  readonly struck: ReadonlyMap<IncidentKind, number>
  /** Where something lies in the log that can't be projected: from this version on. */
  readonly poisoned: ReadonlyMap<CommentId, number>
  /** What another version of the program, or whoever mended something, put into the log. */
  readonly foreign: ReadonlySet<EncodedCommit["id"]>
  /** Whatever was away or slow is back. */
  readonly calm: () => void
  /** Puts good commits in the places of the poisoned. */
  readonly mend: () => void
}

export const makeIncidents = (_world: World, _engines: Engines, _site: Site): Incidents => ({
  happen: () => Effect.void, struck: new Map(), poisoned: new Map(), foreign: new Set(), calm: () => {}, mend: () => {}
})
