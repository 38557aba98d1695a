import * as Effect from "effect/Effect"
import type { Commit } from "./Commit.ts"
import { type Attributes, itemBytes } from "./dynamoAttributes.ts"
import { commitItem } from "./dynamoCommits.ts"
import { type CommitTooLarge, VersionConflict } from "./EventStore.ts"
import type { Head } from "./Head.ts"
import { prepare } from "./internal/writing.ts"
import { salvageCommit } from "./salvage.ts"

/** An append as DynamoDB is asked for it. */
export interface DynamoAppend {
  readonly commit: Commit
  /** What a PutItem is given, or a `Put` in a TransactWriteItems. Its condition fails if the place is taken. */
  readonly put: {
    readonly TableName: string
    readonly Item: Attributes
    readonly ConditionExpression: string
    readonly ExpressionAttributeNames: Record<string, string>
    readonly ReturnValuesOnConditionCheckFailure: "ALL_OLD"
  }
  /** The stream's head once it is done. */
  readonly head: Head
}

/** The append of a commit that was recorded on `head`, to a table. With its snapshot the item stays within one write unit. */
export const dynamoAppend = (table: string, head: Head, commit: Commit): Effect.Effect<DynamoAppend, CommitTooLarge> =>
  Effect.map(
    prepare(head, commit, (encoded) => itemBytes(commitItem(encoded))),
    ({ encoded, head }) => ({
      commit,
      put: {
        TableName: table,
        Item: commitItem(encoded),
        ConditionExpression: "attribute_not_exists(#stream)",
        ExpressionAttributeNames: { "#stream": "stream" },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD"
      },
      head
    })
  )

/**
 * What it means that an append's place is taken, by the item that came back: by the commit itself, from an earlier try
 * whose answer was lost, then the append is done; or by another.
 */
export const recognise = Effect.fnUntraced(function*(
  { commit, head }: DynamoAppend,
  occupant: unknown
): Effect.fn.Return<Head, VersionConflict> {
  const winner = yield* Effect.orDie(Effect.fromResult(salvageCommit(occupant)))
  if (winner.id === commit.id) return head
  return yield* new VersionConflict({ stream: commit.stream, expectedVersion: commit.events[0].version - 1, winner })
})
