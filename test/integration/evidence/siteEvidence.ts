import { Layer, Redacted } from "effect"
import * as DynamoCommandInbox from "../../../src/commands/DynamoCommandInbox.ts"
import * as DynamoEventStore from "../../../src/events/DynamoEventStore.ts"
import { DynamoDb } from "../../../src/platform/DynamoDb.ts"
import * as Postgres from "../../../src/platform/Postgres.ts"
import { anybody, tables } from "../../../src/programs/stack/storage.ts"
import type { Site } from "../site/Site.ts"

const patient = "30 seconds"

/** The site's log, inbox and read model as they are, past the ways that are cut and slowed. */
export const siteEvidence = ({ engines }: Site["Service"]) => {
  const { region, ...credentials } = anybody
  return DynamoCommandInbox.layer({ table: tables.inbox }).pipe(
    Layer.provideMerge(DynamoEventStore.layer({ table: tables.events, timeLimit: patient })),
    Layer.provide(DynamoDb.layer({ endpoint: engines.DynamoDB.direct(), region, credentials, timeLimit: patient })),
    Layer.merge(Postgres.layer({
      url: Redacted.make(engines.PostgreSQL.direct()),
      applicationName: "marginalia-test",
      maxConnections: 1
    })),
    Layer.fresh
  )
}
