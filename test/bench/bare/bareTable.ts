import { DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb"
import { randomUUID } from "node:crypto"
import { snapshotEvery } from "../../../src/events/snapshotPolicy.ts"
import { clientOptions } from "../../../src/platform/DynamoDb.ts"
import { anybody, tables } from "../stack/anybody.ts"

/** What is written for one commit. */
export interface BareItem {
  readonly stream: string
  readonly version: number
  readonly type: "CommentPosted" | "CommentEdited"
  readonly by: string
  readonly at: number
  readonly data: Readonly<Record<string, string>>
}

const text = (value: string) => ({ S: value })
const number = (value: number) => ({ N: String(value) })

// As long as the program's own: when the comment was posted, and the commands that changed it, of which the last 16 are
// kept, in 17 bytes each.
const packedAt = (version: number): Uint8Array => new Uint8Array(6 + 17 * Math.min(version - 1, 16))

/** The requests of the event store on DynamoDB, by a client of the same options. */
export const openBareTable = (endpoint: string) => {
  const { credentials, region } = anybody
  const client = new DynamoDBClient(clientOptions({ endpoint, region, credentials }))
  return {
    /** The append of one commit with one event, and a snapshot. */
    put: ({ at, by, data, stream, type, version }: BareItem) =>
      client.send(
        new PutItemCommand({
          TableName: tables.events,
          Item: {
            stream: text(stream),
            version: number(version),
            id: text(randomUUID()),
            last: number(version),
            events: {
              L: [{
                M: {
                  id: text(randomUUID()),
                  type: text(type),
                  schema: number(1),
                  at: number(at),
                  by: text(by),
                  command: text(randomUUID()),
                  correlation: text(randomUUID()),
                  data: { M: Object.fromEntries(Object.entries(data).map(([name, value]) => [name, text(value)])) }
                }
              }]
            },
            snapshot: { M: { schema: number(1), picture: text("picture-000"), packed: { B: packedAt(version) } } }
          },
          ConditionExpression: "attribute_not_exists(#stream)",
          ExpressionAttributeNames: { "#stream": "stream" },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          ReturnConsumedCapacity: "TOTAL"
        })
      ),

    /** The load of a stream's head: the newest commits, of which only the last version is looked at. */
    load: async (stream: string): Promise<number> => {
      const { Items: [newest] = [] } = await client.send(
        new QueryCommand({
          TableName: tables.events,
          KeyConditionExpression: "#stream = :stream",
          ExpressionAttributeNames: { "#stream": "stream" },
          ExpressionAttributeValues: { ":stream": text(stream) },
          ScanIndexForward: false,
          ConsistentRead: false,
          Limit: snapshotEvery,
          ReturnConsumedCapacity: "TOTAL"
        })
      )
      return Number(newest?.["last"]?.N ?? 0)
    }
  }
}
