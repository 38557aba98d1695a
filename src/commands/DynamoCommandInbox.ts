import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand
} from "@aws-sdk/client-dynamodb"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { CommandId, Timestamp } from "../domain/ids.ts"
import { type Attributes, fromAttributes, toAttribute } from "../events/dynamoAttributes.ts"
import { DynamoJointAppend } from "../events/DynamoEventStore.ts"
import { DynamoDb } from "../platform/DynamoDb.ts"
import { type DynamoError, dynamoRequest, retryThrottled, retryTransient } from "../platform/DynamoError.ts"
import { AlreadySettled, CommandInbox, InboxUnavailable, keptFor } from "./CommandInbox.ts"
import { decodeEntry, encodeEntry, encodeOutcome, statusOf } from "./InboxCodec.ts"
import type { InboxEntry, InboxOutcome } from "./InboxEntry.ts"

/** Which table the inbox is. */
export interface DynamoCommandInboxSettings {
  readonly table: string
  /** How long each operation may take, with all its tries. 5 seconds, if left out. */
  readonly timeLimit?: Duration.Input
}

/**
 * Over how many keys of the index what is pending is spread. Each key takes 1,000 writes a second, and an entry makes two;
 * looking costs half a read unit for each key.
 */
const buckets = 4

const bucketOf = (id: CommandId): number => Number.parseInt(id.slice(-1), 16) % buckets

const asInboxOperation = (operation: InboxUnavailable["operation"], timeLimit: Duration.Input) => {
  const unavailable = (isUnknown: boolean, cause: unknown) => {
    const changes = operation === "accept" || operation === "settle"
    return new InboxUnavailable({ operation, outcome: changes && isUnknown ? "unknown" : "nothing", cause })
  }
  return <A>(request: Effect.Effect<A, DynamoError>): Effect.Effect<A, InboxUnavailable> =>
    request.pipe(
      Effect.catch((error): Effect.Effect<never, InboxUnavailable> =>
        error.fault === "mistake" ? Effect.die(error) : Effect.fail(unavailable(error.fault === "unknown", error))
      ),
      Effect.timeoutOrElse({
        duration: timeLimit,
        orElse: () => Effect.fail(unavailable(true, new Error("no answer within the time limit")))
      })
    )
}

const isConditionFailed = ({ cause }: DynamoError): boolean => cause instanceof ConditionalCheckFailedException

const decodeItem = (id: CommandId, item: unknown) =>
  Effect.fromResult(decodeEntry(id, { outcome: null, ...fromAttributes(item) }))

const itemOf = (entry: InboxEntry): Attributes => {
  const { acceptedAt, id, request } = encodeEntry(entry)
  return {
    id: { S: id },
    acceptedAt: { N: String(acceptedAt) },
    status: { S: "pending" },
    request: toAttribute(request),
    pending: { N: String(bucketOf(id)) },
    expiresAt: { N: String(Math.ceil((acceptedAt + keptFor) / 1000)) }
  }
}

const decodeWaiting = Schema.decodeUnknownEffect(
  Schema.Array(Schema.Struct({ id: CommandId, acceptedAt: Timestamp }))
)

const make = Effect.fnUntraced(function*({ table, timeLimit = "5 seconds" }: DynamoCommandInboxSettings) {
  const { client } = yield* DynamoDb
  const joint = yield* DynamoJointAppend
  const accepting = asInboxOperation("accept", timeLimit)
  const finding = asInboxOperation("find", timeLimit)
  const settling = asInboxOperation("settle", timeLimit)
  const looking = asInboxOperation("stale", timeLimit)

  const settlement = (id: CommandId, outcome: InboxOutcome) => ({
    TableName: table,
    Key: { id: { S: id } },
    UpdateExpression: "SET #status = :status, #outcome = :outcome REMOVE #pending",
    ConditionExpression: "#status = :pending",
    ExpressionAttributeNames: { "#status": "status", "#outcome": "outcome", "#pending": "pending" },
    ExpressionAttributeValues: {
      ":status": { S: statusOf(outcome) },
      ":pending": { S: "pending" },
      ":outcome": toAttribute(encodeOutcome(outcome))
    }
  })

  const pendingIn = (bucket: number, before: Timestamp, limit: number) =>
    retryTransient(dynamoRequest((options) =>
      client.send(
        new QueryCommand({
          TableName: table,
          IndexName: "pending",
          KeyConditionExpression: "#pending = :bucket AND #acceptedAt < :before",
          ExpressionAttributeNames: { "#pending": "pending", "#acceptedAt": "acceptedAt" },
          ExpressionAttributeValues: { ":bucket": { N: String(bucket) }, ":before": { N: String(before) } },
          Limit: limit
        }),
        options
      )
    )).pipe(
      Effect.map(({ Items = [] }) => Items.map(fromAttributes))
    )

  return CommandInbox.of({
    accept: Effect.fn("CommandInbox.accept")(function*(entry) {
      const put = {
        TableName: table,
        Item: itemOf(entry),
        ConditionExpression: "attribute_not_exists(#id)",
        ExpressionAttributeNames: { "#id": "id" },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD"
      } as const
      const present = yield* dynamoRequest((options) => client.send(new PutItemCommand(put), options)).pipe(
        Effect.as(null),
        Effect.catchIf(
          isConditionFailed,
          ({ cause }) => Effect.succeed(cause instanceof ConditionalCheckFailedException ? cause.Item ?? null : null)
        ),
        retryThrottled,
        accepting
      )
      return present === null ? null : yield* decodeItem(entry.command.commandId, present)
    }),

    find: Effect.fn("CommandInbox.find")(function*(id) {
      const { Item } = yield* dynamoRequest((options) =>
        client.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } }, ConsistentRead: true }), options)
      ).pipe(retryTransient, finding)
      return Item === undefined ? Option.none() : Option.some(yield* decodeItem(id, Item))
    }),

    settle: Effect.fn("CommandInbox.settle")(function*(id, outcome) {
      return yield* dynamoRequest((options) => client.send(new UpdateItemCommand(settlement(id, outcome)), options))
        .pipe(
          Effect.as(true),
          Effect.catchIf(isConditionFailed, () => Effect.succeed(false)),
          retryThrottled,
          settling
        )
    }),

    appendAndSettle: Effect.fn("CommandInbox.appendAndSettle")(function*(head, commit, id, outcome) {
      return yield* joint.append(head, commit, { Update: settlement(id, outcome) }).pipe(
        Effect.catchTag("AppendRefused", () => Effect.fail(new AlreadySettled({ id })))
      )
    }),

    stale: Effect.fn("CommandInbox.stale")(function*(before, limit) {
      const found = yield* Effect.forEach(
        Array.from({ length: buckets }, (_, bucket) => bucket),
        (bucket) => looking(pendingIn(bucket, before, limit)),
        { concurrency: buckets }
      )
      const waiting = yield* Effect.orDie(decodeWaiting(found.flat()))
      return waiting.toSorted((one, other) => one.acceptedAt - other.acceptedAt).slice(0, limit)
    })
  })
})

/**
 * The inbox in DynamoDB: one item for each command, removed by TTL on `expiresAt`. Accepting makes one conditional put, and
 * its record on the table's stream runs the command; what appends settles in the same transaction.
 *
 * What is pending stands in a sparse index of keys, `pending`, by bucket and time of acceptance: the sweeper finds what is
 * old with one query for each bucket, half a read unit each where there is nothing, however many entries the table has.
 * That costs an entry two more write units, one when it gets into the index and one when it leaves it.
 */
export const layer = (
  settings: DynamoCommandInboxSettings
): Layer.Layer<CommandInbox, never, DynamoDb | DynamoJointAppend> => Layer.effect(CommandInbox, make(settings))
