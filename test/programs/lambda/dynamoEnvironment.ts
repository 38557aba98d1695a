import { Effect } from "effect"
import { DynamoTables, type dynoxide } from "../../engines/dynamo.ts"

/** What a Lambda's environment says about tables on an engine that looks at no credentials. */
export const dynamoEnvironment = Effect.fnUntraced(function*(engine: typeof dynoxide) {
  const { events, inbox } = yield* DynamoTables
  return {
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    DYNAMODB_ENDPOINT: yield* engine.endpoint,
    EVENTS_TABLE: events,
    INBOX_TABLE: inbox
  }
})
