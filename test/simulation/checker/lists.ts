import { type Comment, type Shown, shown } from "./model.ts"
import type { Query } from "./requests.ts"

export type Order = "newest" | "oldest"

/** A list of comments that clients walk. */
export interface List {
  readonly of: "picture" | "author"
  readonly name: string
  readonly order: Order
}

/** Where a page begins: after this comment, whether or not it is still there. */
export interface Place {
  readonly createdAt: string
  readonly id: string
}

export const nameOf = ({ name, of, order }: List): string => `${order} of ${of} ${name}`

const compare = (one: Place, other: Place): number =>
  one.createdAt < other.createdAt
    ? -1
    : one.createdAt > other.createdAt
    ? 1
    : one.id < other.id
    ? -1
    : one.id > other.id
    ? 1
    : 0

/** Whether one place comes before another in an order. */
export const isBefore = (order: Order, one: Place, other: Place): boolean =>
  order === "oldest" ? compare(one, other) < 0 : compare(one, other) > 0

/** What a page says, but for its cursor, of which only that there is one can be told. */
export interface ExpectedPage {
  readonly items: ReadonlyArray<Shown>
  readonly more: boolean
}

/** The page that some visible comments make. */
export const pageOf = (
  visible: ReadonlyArray<Comment>,
  order: Order,
  limit: number,
  after: Place | null
): ExpectedPage => {
  const all = visible.map(shown).toSorted((one, other) => isBefore(order, one, other) ? -1 : 1)
  const beyond = after === null ? all : all.filter((item) => isBefore(order, after, item))
  return { items: beyond.slice(0, limit), more: beyond.length > limit }
}

/** The list that a query walks; null for a query of another kind. */
export const listIn = ({ parameters, path }: Query): List | null => {
  const [first, name, last] = path
  if (path.length !== 3 || name === undefined || last !== "comments") return null
  const order = parameters.get("order") === "oldest" ? "oldest" : "newest"
  return first === "pictures"
    ? { of: "picture", name, order }
    : first === "users"
    ? { of: "author", name, order }
    : null
}

export const limitIn = ({ parameters }: Query): number => Number(parameters.get("limit") ?? "20")
