import type {
  AttributeValue,
  GetItemCommandInput,
  QueryCommandInput,
  ScanCommandInput,
  ServiceOutputTypes
} from "@aws-sdk/client-dynamodb"
import { equalIn, satisfies } from "./expressions.ts"
import { compareScalars, isItem, type Item, pickAttributes, scalarOf, sizeOf } from "./items.ts"
import { invalid } from "./serviceErrors.ts"
import { partitionHash, type SimulatedTable, type View } from "./SimulatedTable.ts"

const $metadata = {}

/** What a page has at most, in bytes. */
const pageBytes = 1024 * 1024

export const checkedItem = (item: Record<string, AttributeValue> | undefined): Item => {
  if (item === undefined || !isItem(item)) throw invalid("the simulated DynamoDB doesn't know such an attribute")
  return item
}

const optionalItem = (item: Record<string, AttributeValue> | undefined): Item | null =>
  item === undefined ? null : checkedItem(item)

/** What is left of `items` after a page of it, by its limits; `next` is the last key of a page that isn't the last. */
const pageOf = (items: ReadonlyArray<Item>, limit: number, keys: ReadonlyArray<string>) => {
  const page: Array<Item> = []
  let bytes = 0
  for (const item of items) {
    if (page.length === limit || bytes >= pageBytes) break
    page.push(item)
    bytes += sizeOf(item)
  }
  const last = page.at(-1)
  const isCut = page.length === limit || page.length < items.length
  return { Items: page, ...(isCut && last !== undefined ? { LastEvaluatedKey: pickAttributes(last, keys) } : {}) }
}

const keyNames = ({ shape: { index, key } }: SimulatedTable, indexName: string | undefined): ReadonlyArray<string> =>
  [key.partition, key.sort, ...(indexName === undefined ? [] : [index?.key.partition, index?.key.sort])]
    .filter((name) => typeof name === "string")

export const getItem = (table: SimulatedTable, { Key }: GetItemCommandInput, view: View): ServiceOutputTypes => {
  const found = table.get(checkedItem(Key), view)
  return { $metadata, ...(found === null ? {} : { Item: found }) }
}

const inIndex = (table: SimulatedTable, name: string, view: View): ReadonlyArray<Item> => {
  const { index } = table.shape
  if (index?.name !== name) throw invalid(`The table does not have the specified index: ${name}`)
  const { partition, sort } = index.key
  const names = keyNames(table, name)
  return table.all(view)
    .filter((item) => item[partition] !== undefined && (sort === null || item[sort] !== undefined))
    .map((item) => pickAttributes(item, names))
}

/** Items whose key satisfies the condition, by their sort key; of an index, its keys only. */
export const query = (table: SimulatedTable, input: QueryCommandInput, view: View): ServiceOutputTypes => {
  const { ExclusiveStartKey, IndexName, KeyConditionExpression = "", Limit, ScanIndexForward = true } = input
  const given = { names: input.ExpressionAttributeNames ?? {}, values: checkedItem(input.ExpressionAttributeValues) }
  const key = IndexName === undefined ? table.shape.key : table.shape.index?.key ?? table.shape.key
  const partition = scalarOf(equalIn(KeyConditionExpression, key.partition, given) ?? undefined)
  if (partition === null) throw invalid("Query condition missed key schema element")
  const sortOf = (item: Item) => key.sort === null ? "" : scalarOf(item[key.sort])
  const start = optionalItem(ExclusiveStartKey)
  const among = IndexName === undefined ? table.items(partition, view) : inIndex(table, IndexName, view)
  const found = among
    .filter((item) => satisfies(KeyConditionExpression, item, given))
    .toSorted((one, other) => compareScalars(sortOf(one), sortOf(other)) * (ScanIndexForward ? 1 : -1))
    .filter((item) => start === null || compareScalars(sortOf(item), sortOf(start)) * (ScanIndexForward ? 1 : -1) > 0)
  return { $metadata, ...pageOf(found, Limit ?? Number.MAX_SAFE_INTEGER, keyNames(table, IndexName)) }
}

/** A page of a segment: partitions lie in it by their hash. */
export const scan = (table: SimulatedTable, input: ScanCommandInput, view: View): ServiceOutputTypes => {
  const { ExclusiveStartKey, Limit, Segment = 0, TotalSegments = 1 } = input
  const start = optionalItem(ExclusiveStartKey)
  const after = start === null ? null : table.keyOf(start)
  const items = table.all(
    view,
    (hash) => hash % TotalSegments === Segment && (after === null || hash >= partitionHash(after.partition))
  )
  const left = after === null ? items : items.filter((item) => {
    const { partition, sort } = table.keyOf(item)
    return partitionHash(partition) - partitionHash(after.partition) > 0 ||
      compareScalars(partition, after.partition) > 0 ||
      (partition === after.partition && compareScalars(sort, after.sort) > 0)
  })
  return { $metadata, ...pageOf(left, Limit ?? Number.MAX_SAFE_INTEGER, keyNames(table, undefined)) }
}
