import type { AttributeValue, CancellationReason, TransactWriteItem } from "@aws-sdk/client-dynamodb"
import { satisfies, updated } from "./expressions.ts"
import type { Item } from "./items.ts"
import { checkedItem } from "./reads.ts"
import { cancelled, conditionFailed, invalid } from "./serviceErrors.ts"
import type { SimulatedTable } from "./SimulatedTable.ts"

/** A change that a request asks for. */
export interface Write {
  readonly table: SimulatedTable
  readonly key: Item
  /** What the item is to be, by what it is; null where it is to be nothing. */
  readonly to: (present: Item | null) => Item | null
  /** Whether it may be done, by what the item is; of an item that isn't there, by none of its attributes. */
  readonly isAllowed: (present: Item | null) => boolean
  readonly returnsPresent: boolean
}

interface Condition {
  readonly ConditionExpression?: string | undefined
  readonly ExpressionAttributeNames?: Record<string, string> | undefined
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined
}

const givenIn = ({ ExpressionAttributeNames, ExpressionAttributeValues }: Condition) => ({
  names: ExpressionAttributeNames ?? {},
  values: checkedItem(ExpressionAttributeValues ?? {})
})

const guard = (input: Condition): Pick<Write, "isAllowed" | "returnsPresent"> => {
  const { ConditionExpression, ReturnValuesOnConditionCheckFailure } = input
  const given = givenIn(input)
  return {
    isAllowed: (present) => ConditionExpression === undefined || satisfies(ConditionExpression, present ?? {}, given),
    returnsPresent: ReturnValuesOnConditionCheckFailure === "ALL_OLD"
  }
}

export const putOf = (
  table: SimulatedTable,
  input: Condition & { readonly Item: Record<string, AttributeValue> | undefined }
): Write => {
  const item = checkedItem(input.Item)
  return { table, key: item, to: () => item, ...guard(input) }
}

export const updateOf = (
  table: SimulatedTable,
  input: Condition & {
    readonly Key: Record<string, AttributeValue> | undefined
    readonly UpdateExpression?: string | undefined
  }
): Write => {
  const key = checkedItem(input.Key)
  const given = givenIn(input)
  return { table, key, to: (present) => updated(input.UpdateExpression ?? "", present ?? key, given), ...guard(input) }
}

/** What a transaction asks for. */
export const transactionOf = (
  tableOf: (name: string | undefined) => SimulatedTable,
  items: ReadonlyArray<TransactWriteItem>
): ReadonlyArray<Write> =>
  items.map(({ Put, Update }) => {
    if (Put !== undefined) return putOf(tableOf(Put.TableName), Put)
    if (Update !== undefined) return updateOf(tableOf(Update.TableName), Update)
    throw invalid("the simulated DynamoDB only knows puts and updates in a transaction")
  })

const present = ({ key, table }: Write): Item | null => table.get(key, "newest")

const returned = (write: Write): Item | null => write.returnsPresent ? present(write) : null

/** Refuses a write alone whose condition fails. */
export const checkAlone = (write: Write): void => {
  if (!write.isAllowed(present(write))) throw conditionFailed(returned(write))
}

/** Refuses all writes of a transaction where the condition of any of them fails, with a reason for each. */
export const checkTogether = (writes: ReadonlyArray<Write>): void => {
  const reasons = writes.map((write): CancellationReason => {
    if (write.isAllowed(present(write))) return { Code: "None" }
    const item = returned(write)
    return {
      Code: "ConditionalCheckFailed",
      Message: "The conditional request failed",
      ...(item === null ? {} : { Item: item })
    }
  })
  if (reasons.some(({ Code }) => Code !== "None")) throw cancelled(reasons)
}
