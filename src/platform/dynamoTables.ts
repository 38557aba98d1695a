import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type KeySchemaElement,
  ResourceInUseException,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTimeToLiveCommand
} from "@aws-sdk/client-dynamodb"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { DynamoDb } from "./DynamoDb.ts"
import { type DynamoError, dynamoRequest, retryTransient } from "./DynamoError.ts"

/** The names of the tables. */
export interface TableNames {
  readonly events: string
  readonly inbox: string
}

/** There is a table of this name, and it isn't one that the programs can work with. */
export class TableMismatch extends Schema.TaggedError<TableMismatch>()("TableMismatch", {
  table: Schema.String,
  reason: Schema.String
}) {
  override get message(): string {
    return `The DynamoDB table ${this.table} exists, but ${this.reason}. Give another name, or remove that table.`
  }
}

/** The table doesn't become ready. */
export class TableNotReady extends Schema.TaggedError<TableNotReady>()("TableNotReady", {
  table: Schema.String,
  status: Schema.String
}) {
  override get message(): string {
    return `The DynamoDB table ${this.table} isn't ready: it is ${this.status}.`
  }
}

/** Why there are no tables; the message of each is a sentence. */
export type TableError = TableMismatch | TableNotReady | DynamoError

/** What was found before anything was done: no table, one that lacks its TTL, or one that is as it should be. */
export interface TableReport {
  readonly table: string
  readonly found: "nothing" | "incomplete" | "complete"
}

interface TablePlan {
  readonly table: string
  /** Names and types of the partition key and of the sort key, if there is one. */
  readonly keys: ReadonlyArray<readonly [name: string, type: "S" | "N"]>
  readonly timeToLive: string | null
  /** A secondary index of nothing but keys. Items without its partition key aren't in it. */
  readonly index: { readonly name: string; readonly keys: TablePlan["keys"] } | null
}

const plansOf = ({ events, inbox }: TableNames): ReadonlyArray<TablePlan> => [
  { table: events, keys: [["stream", "S"], ["version", "N"]], timeToLive: null, index: null },
  {
    table: inbox,
    keys: [["id", "S"]],
    timeToLive: "expiresAt",
    index: { name: "pending", keys: [["pending", "N"], ["acceptedAt", "N"]] }
  }
]

const schemaOf = (keys: TablePlan["keys"]): Array<KeySchemaElement> =>
  keys.map(([AttributeName], place) => ({ AttributeName, KeyType: place === 0 ? "HASH" : "RANGE" }))

const definitionOf = ({ index, keys, table }: TablePlan): CreateTableCommandInput => ({
  TableName: table,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [...keys, ...(index?.keys ?? [])].map(([AttributeName, AttributeType]) => ({
    AttributeName,
    AttributeType
  })),
  KeySchema: schemaOf(keys),
  ...(index === null ? {} : {
    GlobalSecondaryIndexes: [
      { IndexName: index.name, KeySchema: schemaOf(index.keys), Projection: { ProjectionType: "KEYS_ONLY" } }
    ]
  }),
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" }
})

/** The tables as `createTables` makes them, each with the attribute by which its items expire, if they do. */
export const tableDefinitions = (
  names: TableNames
): ReadonlyArray<{ readonly definition: CreateTableCommandInput; readonly timeToLive: string | null }> =>
  plansOf(names).map((plan) => ({ definition: definitionOf(plan), timeToLive: plan.timeToLive }))

const keysOf = ({ AttributeDefinitions = [], KeySchema = [] }: TableDescription): string =>
  KeySchema.map(({ AttributeName, KeyType }) => {
    const type = AttributeDefinitions.find((definition) => definition.AttributeName === AttributeName)?.AttributeType
    return `${AttributeName} (${KeyType}, ${type})`
  }).join(" and ")

const mismatch = (plan: TablePlan, found: TableDescription): string | null => {
  const [wanted, keys] = [keysOf(definitionOf(plan)), keysOf(found)]
  if (keys !== wanted) return `its key is ${keys} instead of ${wanted}`
  const { StreamEnabled = false, StreamViewType } = found.StreamSpecification ?? {}
  if (!StreamEnabled) return "it has no stream"
  if (StreamViewType !== "NEW_IMAGE" && StreamViewType !== "NEW_AND_OLD_IMAGES") {
    return `its stream carries ${StreamViewType} instead of NEW_IMAGE`
  }
  const { index } = plan
  const isIndexed = index === null ||
    (found.GlobalSecondaryIndexes ?? []).some(({ IndexName }) => IndexName === index.name)
  return isIndexed ? null : `it has no index ${index.name}`
}

const make = Effect.fnUntraced(function*(plan: TablePlan) {
  const { client } = yield* DynamoDb
  const { table } = plan
  const description = retryTransient(
    dynamoRequest((options) => client.send(new DescribeTableCommand({ TableName: table }), options))
  ).pipe(
    Effect.map(({ Table }) => Table ?? null),
    Effect.catchIf(({ cause }) => cause instanceof ResourceNotFoundException, () => Effect.succeed(null))
  )
  const hasTimeToLive = retryTransient(
    dynamoRequest((options) => client.send(new DescribeTimeToLiveCommand({ TableName: table }), options))
  ).pipe(
    Effect.map(({ TimeToLiveDescription: { AttributeName, TimeToLiveStatus = "DISABLED" } = {} }) =>
      AttributeName === plan.timeToLive && TimeToLiveStatus.startsWith("ENABL")
    )
  )

  /** What there is, if it can be worked with. */
  const look = Effect.gen(function*() {
    const found = yield* description
    if (found === null) return "nothing"
    const reason = mismatch(plan, found)
    if (reason !== null) return yield* new TableMismatch({ table, reason })
    return plan.timeToLive === null || (yield* hasTimeToLive) ? "complete" : "incomplete"
  })

  const isActive = Effect.gen(function*() {
    const { TableStatus: status = "missing" } = (yield* description) ?? {}
    if (status !== "ACTIVE") return yield* new TableNotReady({ table, status })
  }).pipe(
    Effect.retry({
      schedule: Schedule.spaced("100 millis").pipe(Schedule.upTo({ duration: "1 minute" })),
      while: ({ _tag }) => _tag === "TableNotReady"
    })
  )

  // Who makes the same table at the same time, or made it in a try whose answer was lost, is no fault.
  const create = retryTransient(
    dynamoRequest((options) => client.send(new CreateTableCommand(definitionOf(plan)), options))
  ).pipe(Effect.catchIf(({ cause }) => cause instanceof ResourceInUseException, () => Effect.void))

  const expire = (AttributeName: string) =>
    dynamoRequest((options) =>
      client.send(
        new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification: { AttributeName, Enabled: true } }),
        options
      )
    ).pipe(
      Effect.catch((error) => Effect.flatMap(hasTimeToLive, (has) => has ? Effect.void : Effect.fail(error)))
    )

  const complete = Effect.gen(function*() {
    if ((yield* look) === "nothing") yield* create
    yield* isActive
    if ((yield* look) === "incomplete" && plan.timeToLive !== null) yield* expire(plan.timeToLive)
  })

  return { look, complete }
})

/**
 * Makes the tables that aren't there yet, paid by request, with a stream of new images each, and the inbox's TTL; waits
 * until both can be used. What is there is left as it is, but for a missing TTL. With `dryRun` nothing is changed.
 *
 * On AWS the templates make them.
 */
export const createTables = Effect.fn("createTables")(function*(
  names: TableNames,
  { dryRun = false }: { readonly dryRun?: boolean } = {}
): Effect.fn.Return<ReadonlyArray<TableReport>, TableError, DynamoDb> {
  const tables = yield* Effect.forEach(
    plansOf(names),
    Effect.fnUntraced(function*(plan) {
      const { complete, look } = yield* make(plan)
      const report: TableReport = { table: plan.table, found: yield* look }
      return { report, complete }
    })
  )
  // Both have been looked at before either is made: a name that is taken shouldn't leave half of the work done.
  if (!dryRun) yield* Effect.forEach(tables, ({ complete }) => complete, { concurrency: 2, discard: true })
  return tables.map(({ report }) => report)
})
