import type { AttributeValue } from "@aws-sdk/client-dynamodb"
import { isDeepStrictEqual } from "node:util"
import { type Attribute, type Attributes, itemBytes } from "../../../../src/events/dynamoAttributes.ts"

/** An item, or its key. */
export type Item = Attributes

const isAttribute = (value: AttributeValue): value is Attribute => {
  if (value.L !== undefined) return value.L.every(isAttribute)
  if (value.M !== undefined) return isItem(value.M)
  return (value.S ?? value.N ?? value.B ?? value.BOOL ?? value.NULL) !== undefined
}

/** Whether it has no other attributes than those that this project writes: there are no sets. */
export const isItem = (value: Record<string, AttributeValue>): value is Item => Object.values(value).every(isAttribute)

/** What orders keys: numbers by their value, all else as text. */
export type Scalar = string | number

export const scalarOf = (attribute: Attribute | undefined): Scalar | null => {
  if (attribute === undefined) return null
  if ("N" in attribute) return Number(attribute.N)
  return "S" in attribute ? attribute.S : null
}

/** Below 0 if one comes first, 0 if they are the same, NaN if they can't be compared. */
export const compareScalars = (one: Scalar | null, other: Scalar | null): number => {
  if (typeof one === "number" && typeof other === "number") return one - other
  if (typeof one !== "string" || typeof other !== "string") return Number.NaN
  if (one === other) return 0
  return one < other ? -1 : 1
}

export const isSameValue = (one: unknown, other: unknown): boolean => one === other || isDeepStrictEqual(one, other)

/** The attributes of these names, as far as the item has them. */
export const pickAttributes = (item: Item, names: ReadonlyArray<string>): Item => {
  const picked: Item = {}
  for (const name of names) {
    const value = item[name]
    if (value !== undefined) picked[name] = value
  }
  return picked
}

const sizes = new WeakMap<Item, number>()

/** The size of an item in bytes. Items are never changed, but replaced. */
export const sizeOf = (item: Item): number => {
  const known = sizes.get(item)
  if (known !== undefined) return known
  const size = itemBytes(item)
  sizes.set(item, size)
  return size
}
