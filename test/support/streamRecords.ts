import type { EncodedCommit } from "../../src/events/Commit.ts"
import type { Attribute, Attributes } from "../../src/events/dynamoAttributes.ts"
import { commitItem } from "../../src/events/dynamoCommits.ts"

/** A record of the table's stream, in the shape that Lambda was seen to hand over. */
export interface LambdaRecord {
  readonly eventID: string
  readonly eventName: string
  readonly eventVersion: string
  readonly eventSource: string
  readonly awsRegion: string
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number
    readonly Keys: Record<string, unknown>
    readonly NewImage?: Record<string, unknown>
    readonly SequenceNumber: string
    readonly SizeBytes: number
    readonly StreamViewType: string
  }
  readonly eventSourceARN: string
}

/** The sequence number of the nth record of a shard. */
export const sequenceNumber = (n: number): string => `${4_421_584_500_000_000_017_450_440_000n + BigInt(n)}`

/** An item as it stands in JSON: binary is base64 there. */
const inJson = (attribute: Attribute): unknown => {
  if ("B" in attribute) return { B: Buffer.from(attribute.B).toString("base64") }
  if ("L" in attribute) return { L: attribute.L.map(inJson) }
  if ("M" in attribute) return { M: itemInJson(attribute.M) }
  return attribute
}
const itemInJson = (item: Attributes): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([name, attribute]) => [name, inJson(attribute)]))

/** The nth record of a shard, about an item of the events' table, or of one with other keys. */
export const recordOf = (
  n: number,
  item: Attributes,
  eventName = "INSERT",
  keys: ReadonlyArray<string> = ["stream", "version"]
): LambdaRecord => {
  const image = itemInJson(item)
  return {
    eventID: `c4ca4238a0b923820dcc509a6f75849${n % 10}`,
    eventName,
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: "eu-central-1",
    dynamodb: {
      ApproximateCreationDateTime: 1_479_499_740,
      Keys: Object.fromEntries(keys.map((key) => [key, image[key]])),
      ...(eventName === "REMOVE" ? {} : { NewImage: image }),
      SequenceNumber: sequenceNumber(n),
      SizeBytes: 612,
      StreamViewType: "NEW_IMAGE"
    },
    eventSourceARN: "arn:aws:dynamodb:eu-central-1:123456789012:table/marginalia-events/stream/2026-01-01T00:00:00.000"
  }
}

/** Appends, as records 0, 1, 2, … of a shard. */
export const recordsOf = (commits: ReadonlyArray<EncodedCommit>): ReadonlyArray<LambdaRecord> =>
  commits.map((commit, n) => recordOf(n, commitItem(commit)))
