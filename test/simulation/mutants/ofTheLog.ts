import type { Mutant } from "./Mutant.ts"

/** Bugs in the event store, and in what it stores. */
export const mutantsOfTheLog: ReadonlyArray<Mutant> = [
  {
    name: "version guard",
    guarantee: "Of concurrent writers one wins: an append's condition fails where its place is taken.",
    file: "src/events/dynamoAppend.ts",
    find: `
        ConditionExpression: "attribute_not_exists(#stream)",
        ExpressionAttributeNames: { "#stream": "stream" },`,
    replace: ""
  },
  {
    name: "own commit recognised",
    guarantee: "Who finds its own commit in its place, by the commit's id, has appended it and has lost no race.",
    file: "src/events/dynamoAppend.ts",
    find: "  if (winner.id === commit.id) return head\n",
    replace: ""
  },
  {
    name: "loads without gaps",
    guarantee: "A load whose versions aren't contiguous is repeated strongly, and never folded.",
    file: "src/events/internal/fold.ts",
    find: "  if (missing !== null) return Result.succeed(Folded.Gap({ missing }))\n",
    replace: ""
  },
  {
    name: "strong loads",
    guarantee: "A load that was asked to be strongly consistent misses nothing.",
    file: "src/events/DynamoEventStore.ts",
    find: `isStrong: consistency === "strong"`,
    replace: "isStrong: false"
  },
  {
    name: "strong healing",
    guarantee: "A gap is filled by strongly consistent reads: what isn't there then isn't in the log.",
    file: "src/events/DynamoEventStore.ts",
    find: "const which = { stream, isStrong: true }",
    replace: "const which = { stream, isStrong: false }"
  },
  {
    name: "strong scans",
    guarantee: "A scan of the log delivers everything that was acknowledged before it began.",
    file: "src/events/internal/dynamoReads.ts",
    find: "TableName: table, ConsistentRead: true,",
    replace: "TableName: table, ConsistentRead: false,"
  },
  {
    name: "snapshot's schema",
    guarantee: "A snapshot of an unknown schema is passed over, and the state is had from the events.",
    file: "src/events/SnapshotCodec.ts",
    find: "schema: Schema.Literal(1)",
    replace: "schema: Schema.Int"
  },
  {
    name: "timestamps in order",
    guarantee: "No event occurs before its predecessor in the stream, whatever the clock does.",
    file: "src/events/Commit.ts",
    find: "Math.max(read, head.state.changedAt)",
    replace: "read"
  },
  {
    name: "unknown is not nothing",
    guarantee: "An append that wasn't answered has an unknown outcome: nobody is told that nothing was done.",
    file: "src/events/internal/dynamoFailure.ts",
    find: `operation === "append" && error.fault === "unknown" ? "unknown" : "nothing"`,
    replace: `"nothing"`
  }
]
