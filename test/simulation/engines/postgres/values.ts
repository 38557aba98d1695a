import * as PgTypes from "@effect/sql-pg/PgTypes"
import { Refusal } from "./failures.ts"

/** A value of `jsonb`. */
export class Json {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/** A value as the tables have it. An array is only ever a parameter. */
export type Value = null | boolean | number | string | Date | Json | ReadonlyArray<Value>

export type Row = ReadonlyArray<Value>

// The earliest and the latest `timestamptz`, in milliseconds (PostgreSQL, Date/Time Types).
const earliest = -210_866_803_200_000
const latest = 9_224_318_016_000_000

/** A moment, as `timestamptz` takes it. */
export const instant = (millis: number): Date => {
  if (millis < earliest || millis >= latest) throw new Refusal({ code: "22008", message: "timestamp out of range" })
  return new Date(millis)
}

const text = (value: string): string => {
  if (value.includes("\0")) {
    throw new Refusal({ code: "22021", message: "invalid byte sequence for encoding \"UTF8\": 0x00" })
  }
  // The driver's encoder writes U+FFFD for half of a surrogate pair.
  return value.toWellFormed()
}

const isInstants = (oid: number): boolean => oid === PgTypes.OID.timestamptz || oid === PgTypes.OID.timestamptzArray

const valueOf = (value: unknown, isInstant: boolean): Value => {
  if (value === null || value === undefined) return null
  if (typeof value === "string") return text(value)
  if (typeof value === "number") return isInstant ? instant(value) : value
  if (typeof value === "boolean") return value
  if (value instanceof Date) return instant(value.getTime())
  if (Array.isArray(value)) return value.map((one) => valueOf(one, isInstant))
  throw new PgTypes.CodecError({ message: `Cannot infer a PostgreSQL type for ${String(value)}` })
}

const integers: ReadonlySet<number> = new Set([PgTypes.OID.int4, PgTypes.OID.int4Array])

/** Throws what the driver throws for what it can't encode, and the refusal of the server for what that can't take. */
export const parameterOf = (parameter: unknown): Value => {
  if (!PgTypes.isParameter(parameter)) return valueOf(parameter, false)
  if (integers.has(parameter.oid) || isInstants(parameter.oid)) {
    const encoded = PgTypes.encodeParameter(parameter)
    if (encoded._tag === "Failure") throw encoded.failure
  }
  return valueOf(parameter.value, isInstants(parameter.oid))
}

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdfff

// By code points, as the bytes of UTF-8 are: units of surrogate pairs come after all others.
const compareTexts = (one: string, other: string): number => {
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index++) {
    const left = one.charCodeAt(index)
    const right = other.charCodeAt(index)
    if (left === right) continue
    return isHigh(left) === isHigh(right) ? left - right : isHigh(left) ? 1 : -1
  }
  return one.length - other.length
}

/** Less than 0, 0, or more: which of two values of one type comes first. Neither is null. */
export const compare = (one: Value, other: Value): number => {
  if (typeof one === "string" && typeof other === "string") return compareTexts(one, other)
  if (one instanceof Date && other instanceof Date) return one.getTime() - other.getTime()
  if (Array.isArray(one) && Array.isArray(other)) {
    for (const [index, value] of one.entries()) {
      const difference = compare(value, other[index] ?? null)
      if (difference !== 0) return difference
    }
    return 0
  }
  if (typeof one === typeof other) return Number(one) - Number(other)
  throw new Refusal({ code: "42883", message: `operator does not exist: ${typeof one} = ${typeof other}` })
}

const uuid = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/** JSON text as `jsonb` takes it: without NUL, and without halves of surrogate pairs. */
const jsonb = (json: string): Json => {
  try {
    const value: unknown = JSON.parse(json)
    const again = JSON.stringify(value)
    if (/(?<!\\)(?:\\\\)*\\u0000/.test(again)) {
      throw new Refusal({ code: "22P05", message: "unsupported Unicode escape sequence" })
    }
    if (/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(again)) throw new SyntaxError("half of a surrogate pair")
    return new Json(value)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal({ code: "22P02", message: "invalid input syntax for type json" })
  }
}

/** A value in a type, as `::` makes it. */
export const cast = (value: Value, type: string): Value => {
  if (value === null) return null
  if (Array.isArray(value)) return value.map((one) => cast(one, type))
  if (typeof value !== "string") return value
  if (type === "jsonb") return jsonb(value)
  if (type === "uuid") {
    if (uuid.test(value)) return value.toLowerCase()
    throw new Refusal({ code: "22P02", message: "invalid input syntax for type uuid" })
  }
  if (type === "interval") return Number.parseInt(value, 10)
  return type === "timestamptz" ? instant(Date.parse(value)) : value
}
