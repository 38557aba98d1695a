import { type Duration, Layer } from "effect"
import { HttpServer } from "effect/http"
import { CommandAcceptance } from "../../../src/commands/CommandAcceptance.ts"
import { CommandHandler } from "../../../src/commands/CommandHandler.ts"
import * as DynamoCommandInbox from "../../../src/commands/DynamoCommandInbox.ts"
import { InboxHandler } from "../../../src/commands/InboxHandler.ts"
import * as InboxSweeper from "../../../src/commands/InboxSweeper.ts"
import * as DynamoEventStore from "../../../src/events/DynamoEventStore.ts"
import { commandHttp } from "../../../src/programs/service/commandHttp.ts"
import { queryHttp } from "../../../src/programs/service/queryHttp.ts"
import { CommentQueries } from "../../../src/queries/CommentQueries.ts"
import * as GuardedReadModel from "../../../src/queries/guardedReadModel.ts"
import { PositionWaiter } from "../../../src/queries/PositionWaiter.ts"
import * as PostgresReadModel from "../../../src/queries/PostgresReadModel.ts"
import { type Engines, tables } from "./Engines.ts"
import type { Wiring } from "./Program.ts"

/** When the inbox is swept. */
export interface Sweeping {
  readonly every: Duration.Input
  readonly olderThan: Duration.Input
}

/**
 * Everything sooner than in a real site, for a run is short; in some runs so soon that sweepers and followers are at the
 * same entries.
 */
export const sweepings: readonly [Sweeping, Sweeping] = [
  { every: "5 seconds", olderThan: "8 seconds" },
  { every: "2 seconds", olderThan: "300 millis" }
]

/** The command service, as its program wires it. */
export const commandService = ({ dynamo }: Engines, sweeping: Sweeping): Wiring => (process, server) => {
  const sweeper = InboxSweeper.layer(sweeping).pipe(Layer.provide(InboxHandler.layer))
  const commands = Layer.mergeAll(CommandHandler.layer, CommandAcceptance.layer(), sweeper).pipe(
    Layer.provideMerge(DynamoCommandInbox.layer({ table: tables.inbox })),
    Layer.provide(DynamoEventStore.layer({ table: tables.events }))
  )
  return commandHttp.pipe(
    Layer.provide([server.layer, HttpServer.layerServices]),
    Layer.provide(commands),
    Layer.provide(dynamo.connect(process))
  )
}

/** The query service, as its program wires it. */
export const queryService = ({ cache, postgres }: Engines): Wiring => (process, server) => {
  const readModel = GuardedReadModel.layer.pipe(Layer.provide(PostgresReadModel.layer))
  const queries = Layer.merge(CommentQueries.layer, PositionWaiter.layer()).pipe(
    Layer.provide([readModel, cache.connect(process)])
  )
  return queryHttp.pipe(
    Layer.provide([server.layer, HttpServer.layerServices]),
    Layer.provideMerge(queries),
    Layer.provide(postgres.connect(process))
  )
}
