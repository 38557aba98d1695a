import * as PgTypes from "@effect/sql-pg/PgTypes"
import * as Result from "effect/Result"

// An array's type is named here because the driver can't infer it from an array of nothing but nulls.
const column = (elementOid: number) => (values: ReadonlyArray<unknown>) =>
  Result.getOrThrow(PgTypes.array(values, elementOid))

/** One column of a set of rows, as an array parameter for `unnest`. */
export const uuids: (values: ReadonlyArray<string>) => PgTypes.Parameter = column(PgTypes.OID.uuid)
export const texts: (values: ReadonlyArray<string | null>) => PgTypes.Parameter = column(PgTypes.OID.text)
export const integers: (values: ReadonlyArray<number>) => PgTypes.Parameter = column(PgTypes.OID.int4)
/** Milliseconds since the epoch, as `timestamptz[]`. */
export const instants: (values: ReadonlyArray<number | null>) => PgTypes.Parameter = column(PgTypes.OID.timestamptz)
