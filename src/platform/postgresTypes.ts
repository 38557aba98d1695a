import * as PgTypes from "@effect/sql-pg/PgTypes"
import * as Result from "effect/Result"

const int8Bytes = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigInt64(0, value)
  return bytes
}

const readInt8 = (bytes: Uint8Array): bigint =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigInt64(0)

/** Counts and positions stay far below 2^53, so `int8` is a number; a value beyond that is refused, never rounded. */
const int8: PgTypes.Codec<number | bigint> = {
  encode: (value) => Result.succeed(int8Bytes(BigInt(value))),
  decode: (bytes) => {
    const value = Number(readInt8(bytes))
    return Number.isSafeInteger(value)
      ? Result.succeed(value)
      : Result.fail(new PgTypes.CodecError({ message: `The int8 ${readInt8(bytes)} does not fit in a safe integer` }))
  }
}

/** Transaction ids are read as decimal strings, which go back as parameters without a cast: they are never added up. */
const xid8: PgTypes.Codec<string> = {
  encode: (value) => Result.succeed(int8Bytes(BigInt.asIntN(64, BigInt(value)))),
  decode: (bytes) => Result.succeed(BigInt.asUintN(64, readInt8(bytes)).toString())
}

/** The object ids of `xid8` and its array in PostgreSQL's `pg_type.dat`. */
const xid8Oid = 5069
const xid8ArrayOid = 271

/**
 * How values travel between the programs and Postgres, in binary form.
 *
 * Beside the client's own catalogue: `int8` is read as a number (refused beyond 2^53 - 1, which ends the connection),
 * `xid8` as a decimal string. Cast what isn't listed there (`pg_snapshot`, `pg_lsn`, …) to `text` in the statement.
 */
export const postgresTypes: PgTypes.Registry = (() => {
  const registry = PgTypes.makeRegistry()
  registry.register(PgTypes.OID.int8, int8, { arrayOid: PgTypes.OID.int8Array })
  registry.register(xid8Oid, xid8, { arrayOid: xid8ArrayOid })
  return registry
})()
