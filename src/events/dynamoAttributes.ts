import { Buffer } from "node:buffer"

/**
 * A value in DynamoDB's JSON, as far as a log of JSON needs it. Binary comes as bytes out of the SDK, and as base64 in the
 * events that Lambda hands over.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
export type Attribute =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: Uint8Array }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: Array<Attribute> }
  | { readonly M: Attributes }

/** The attributes of an item, or of a map in it. */
export type Attributes = Record<string, Attribute>

/** A JSON value as an attribute. What JSON leaves out (an undefined property) is left out here. */
export const toAttribute = (json: unknown): Attribute => {
  if (json === null || json === undefined) return { NULL: true }
  if (typeof json === "string") return { S: json }
  if (typeof json === "number") return { N: String(json) }
  if (typeof json === "boolean") return { BOOL: json }
  if (Array.isArray(json)) return { L: json.map(toAttribute) }
  return { M: toAttributes(json) }
}

/** A JSON object as attributes. */
export const toAttributes = (json: object): Attributes => {
  const attributes: Attributes = {}
  for (const [name, value] of Object.entries(json)) if (value !== undefined) attributes[name] = toAttribute(value)
  return attributes
}

const base64url = (bytes: unknown): string =>
  (typeof bytes === "string" ? Buffer.from(bytes, "base64") : Buffer.from(bytes instanceof Uint8Array ? bytes : []))
    .toString("base64url")

/**
 * The JSON value of an attribute, as the SDK or Lambda gives it; binary in base64url. What isn't an attribute that this
 * project writes is undefined, for whoever looks at the whole to refuse.
 */
export const fromAttribute = (attribute: unknown): unknown => {
  if (typeof attribute !== "object" || attribute === null) return undefined
  if ("S" in attribute) return attribute.S
  if ("N" in attribute) return Number(attribute.N)
  if ("M" in attribute) return fromAttributes(attribute.M)
  if ("L" in attribute) return Array.isArray(attribute.L) ? attribute.L.map(fromAttribute) : undefined
  if ("B" in attribute) return base64url(attribute.B)
  if ("BOOL" in attribute) return attribute.BOOL
  if ("NULL" in attribute) return null
  return undefined
}

/** The JSON object of an item's attributes. */
export const fromAttributes = (attributes: unknown): Record<string, unknown> | undefined =>
  typeof attributes === "object" && attributes !== null
    ? Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, fromAttribute(value)]))
    : undefined

// A number is stored to the base of 100: each of its digits takes a byte, but for zeros at either end; the exponent takes
// one, and so does a minus. AWS says "approximately"; DynamoDB Local counts so, others less.
const numberBytes = (decimal: string): number => {
  const [mantissa = "", exponent = "0"] = decimal.replace("-", "").split(/e/i)
  const [whole = "", fraction = ""] = mantissa.split(".")
  const digits = ((whole.length + Number(exponent)) % 2 === 0 ? "" : "0") + whole + fraction
  const pairs = (digits.length % 2 === 0 ? digits : `${digits}0`).replace(/^(?:00)+/, "").replace(/(?:00)+$/, "")
  return pairs.length / 2 + 1 + (decimal.startsWith("-") ? 1 : 0)
}

const valueBytes = (attribute: Attribute): number => {
  if ("S" in attribute) return Buffer.byteLength(attribute.S)
  if ("N" in attribute) return numberBytes(attribute.N)
  if ("B" in attribute) return attribute.B.byteLength
  if ("L" in attribute) return attribute.L.reduce((sum, one) => sum + valueBytes(one) + 1, 3)
  if ("M" in attribute) return Object.entries(attribute.M).reduce((sum, entry) => sum + entryBytes(entry) + 1, 3)
  return 1
}

const entryBytes = ([name, value]: readonly [string, Attribute]): number => Buffer.byteLength(name) + valueBytes(value)

/**
 * The size of an item in bytes, by which DynamoDB counts units: names and values, 3 bytes for each list and map, 1 for each
 * of their elements.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemBytes = (item: Attributes): number =>
  Object.entries(item).reduce((sum, entry) => sum + entryBytes(entry), 0)
