import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput
} from "@aws-sdk/client-dynamodb"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { CommentId, Version } from "../../domain/ids.ts"
import { type DynamoError, dynamoRequest, retryTransient } from "../../platform/DynamoError.ts"
import type { EncodedCommit } from "../Commit.ts"
import { salvageCommit } from "../salvage.ts"
import { counting, readUnits } from "./dynamoCapacity.ts"

/** A page of commits, and the key after which the next page begins, if there is one. */
export interface CommitPage {
  readonly commits: ReadonlyArray<EncodedCommit>
  readonly next: Record<string, AttributeValue> | undefined
}

// Nobody but the store writes to its table. A damaged commit stays one, for whoever decodes it to refuse; an item that
// isn't in the stream of a comment can't hold up those that are.
const decodePage = Effect.fnUntraced(function*(
  { Items = [], LastEvaluatedKey: next }: {
    readonly Items?: ReadonlyArray<unknown> | undefined
    readonly LastEvaluatedKey?: Record<string, AttributeValue> | undefined
  }
) {
  const commits: Array<EncodedCommit> = []
  for (const item of Items) {
    const commit = salvageCommit(item)
    if (Result.isSuccess(commit)) commits.push(commit.success)
    else yield* Effect.logError("An item of the events' table is passed over: it is not in the stream of a comment")
  }
  return { commits, next } satisfies CommitPage
})

/** Which commits of a stream: those whose first version is below or from another on, at most `limit`. */
export interface StreamQuery {
  readonly stream: CommentId
  readonly below?: Version | null
  readonly from?: Version
  readonly limit: number
  readonly isStrong: boolean
  readonly isBackward: boolean
  readonly after?: Record<string, AttributeValue> | undefined
}

const queryInput = (table: string, query: StreamQuery): QueryCommandInput => {
  const { after, below = null, from = null, isBackward, isStrong, limit, stream } = query
  const bound = below ?? from
  return {
    TableName: table,
    KeyConditionExpression: bound === null
      ? "#stream = :stream"
      : `#stream = :stream AND #version ${below === null ? ">=" : "<"} :bound`,
    ExpressionAttributeNames: { "#stream": "stream", ...(bound === null ? {} : { "#version": "version" }) },
    ExpressionAttributeValues: {
      ":stream": { S: stream },
      ...(bound === null ? {} : { ":bound": { N: String(bound) } })
    },
    ScanIndexForward: !isBackward,
    ConsistentRead: isStrong,
    Limit: limit,
    ...(after === undefined ? {} : { ExclusiveStartKey: after }),
    ReturnConsumedCapacity: "TOTAL"
  }
}

/** The reads of a table of commits, each tried again while that may help. A page may have fewer commits than asked for. */
export const dynamoReads = (client: DynamoDBClient, table: string) => ({
  query: (query: StreamQuery): Effect.Effect<CommitPage, DynamoError> =>
    dynamoRequest((options) => client.send(new QueryCommand(queryInput(table, query)), options)).pipe(
      counting(readUnits),
      retryTransient,
      Effect.flatMap(decodePage)
    ),

  scan: (
    part: Pick<ScanCommandInput, "Segment" | "TotalSegments" | "ExclusiveStartKey" | "Limit">
  ): Effect.Effect<CommitPage, DynamoError> =>
    dynamoRequest((options) =>
      client.send(
        new ScanCommand({ ...part, TableName: table, ConsistentRead: true, ReturnConsumedCapacity: "TOTAL" }),
        options
      )
    ).pipe(
      counting(readUnits),
      retryTransient,
      Effect.flatMap(decodePage)
    )
})

/** How the store reads its table. */
export type DynamoReads = ReturnType<typeof dynamoReads>
