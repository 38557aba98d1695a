import { Layer } from "effect"
import * as PostgresCommandInbox from "../../../src/commands/PostgresCommandInbox.ts"
import * as PostgresEventStore from "../../../src/events/PostgresEventStore.ts"
import * as EmbeddedPostgresClient from "../../../src/platform/EmbeddedPostgresClient.ts"

/** The log, inbox and read model in the folder of an embedded database that nobody else uses. */
export const diskEvidence = (directory: string) =>
  PostgresCommandInbox.layer.pipe(
    Layer.provideMerge(PostgresEventStore.layer()),
    Layer.provideMerge(EmbeddedPostgresClient.layer({ directory })),
    Layer.fresh
  )
