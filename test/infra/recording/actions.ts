import { Option, Schema } from "effect"

/** What a program does to a resource, as IAM sees it. */
export interface Call {
  /** `dynamodb:PutItem` and its like. */
  readonly action: string
  /** A table, `table/index/name`, or `table/stream`. */
  readonly resource: string
}

const Table = Schema.Struct({ TableName: Schema.String })
const Step = Schema.Struct({
  Put: Schema.optionalKey(Table),
  Update: Schema.optionalKey(Table),
  Delete: Schema.optionalKey(Table),
  ConditionCheck: Schema.optionalKey(Table),
  Get: Schema.optionalKey(Table)
})

const Request = Schema.Struct({
  TableName: Schema.optionalKey(Schema.String),
  IndexName: Schema.optionalKey(Schema.String),
  StreamArn: Schema.optionalKey(Schema.String),
  ShardIterator: Schema.optionalKey(Schema.String),
  TransactItems: Schema.optionalKey(Schema.Array(Step)),
  RequestItems: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown))
})
const decodeRequest = Schema.decodeUnknownOption(Schema.fromJsonString(Request))

// A transaction needs no permission of its own, but those of what it is made of.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
const stepActions = {
  Put: "dynamodb:PutItem",
  Update: "dynamodb:UpdateItem",
  Delete: "dynamodb:DeleteItem",
  ConditionCheck: "dynamodb:ConditionCheckItem",
  Get: "dynamodb:GetItem"
} as const

const kinds = ["Put", "Update", "Delete", "ConditionCheck", "Get"] as const

const ofStep = (step: typeof Step.Type): ReadonlyArray<Call> =>
  kinds.flatMap((kind) => {
    const table = step[kind]
    return table === undefined ? [] : [{ action: stepActions[kind], resource: table.TableName }]
  })

/** The stream that a text is about: its table's. */
export const streamOf = (arn: string): string => `${/table\/([^/]+)\/stream\//.exec(arn)?.[1] ?? arn}/stream`

/** Said of what isn't understood, so that no policy allows it. */
const unknown = "unknown"

/**
 * The calls that a request to DynamoDB is, by its header `X-Amz-Target` and its body. `iterators` tells which stream an
 * iterator is of.
 */
export const callsOf = (
  target: string,
  body: string,
  iterators: ReadonlyMap<string, string>
): ReadonlyArray<Call> => {
  const [, operation] = /^DynamoDB(?:Streams)?_20120810\.(\w+)$/.exec(target) ?? []
  const request = Option.getOrUndefined(decodeRequest(body))
  if (operation === undefined || request === undefined) return [{ action: unknown, resource: unknown }]
  const { IndexName, RequestItems, ShardIterator, StreamArn, TableName, TransactItems } = request
  if (TransactItems !== undefined) return TransactItems.flatMap(ofStep)
  const action = `dynamodb:${operation}`
  if (RequestItems !== undefined) return Object.keys(RequestItems).map((resource) => ({ action, resource }))
  if (StreamArn !== undefined) return [{ action, resource: streamOf(StreamArn) }]
  if (ShardIterator !== undefined) return [{ action, resource: iterators.get(ShardIterator) ?? unknown }]
  if (TableName === undefined) return [{ action, resource: unknown }]
  return [{ action, resource: IndexName === undefined ? TableName : `${TableName}/index/${IndexName}` }]
}
