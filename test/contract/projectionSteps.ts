import type { Vitest } from "@effect/vitest"
import type { SqlClient } from "effect/sql"
import type { EventStore } from "../../src/events/EventStore.ts"
import type { Projector } from "../../src/projections/Projector.ts"
import type { Reconcile } from "../../src/projections/Reconcile.ts"
import type { Redrive } from "../../src/projections/Redrive.ts"
import type { Verify } from "../../src/projections/Verify.ts"
import type { QueryCache } from "../../src/queries/QueryCache.ts"
import type { ReadModel } from "../../src/queries/ReadModel.ts"
import type { RawLog } from "../support/RawLog.ts"
import type { RecordingCache } from "../support/RecordingCache.ts"

type Read = ReadModel | SqlClient.SqlClient
type Projecting = EventStore | Projector | QueryCache | RawLog | Read | RecordingCache

/** The tests of a contract register themselves with one of these. */
export type It = Vitest.MethodsNonLive<Projecting>
export type ReadModelIt = Vitest.MethodsNonLive<Read>
export type ReconcileIt = Vitest.MethodsNonLive<Projecting | Reconcile>
export type RedriveIt = Vitest.MethodsNonLive<Projecting | Redrive>
export type VerifyIt = Vitest.MethodsNonLive<Projecting | Verify>
