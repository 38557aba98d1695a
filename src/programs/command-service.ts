import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AnswerHeaders, browserHeaders } from "../api/handlers/answerHeaders.ts"
import { ClientAddressHeader } from "../api/handlers/clientAddress.ts"
import { CommandAcceptance } from "../commands/CommandAcceptance.ts"
import { CommandHandler } from "../commands/CommandHandler.ts"
import * as DynamoCommandInbox from "../commands/DynamoCommandInbox.ts"
import { InboxHandler } from "../commands/InboxHandler.ts"
import * as InboxSweeper from "../commands/InboxSweeper.ts"
import * as DynamoEventStore from "../events/DynamoEventStore.ts"
import { type CommandServiceSettings, readCommandServiceSettings } from "../platform/CommandServiceSettings.ts"
import { Draining } from "../platform/Draining.ts"
import { DynamoDb } from "../platform/DynamoDb.ts"
import * as Logging from "../platform/Logging.ts"
import { RateLimits } from "../platform/RateLimits.ts"
import * as Redis from "../platform/Redis.ts"
import * as RedisRateLimits from "../platform/RedisRateLimits.ts"
import { measuring } from "./command-service/measuring.ts"
import { commandHttp } from "./service/commandHttp.ts"
import { identity } from "./service/identity.ts"
import { Management } from "./service/Management.ts"
import { dynamoDbReadiness } from "./service/readiness.ts"
import { listening } from "./service/server.ts"
import { runMain, serveUntilTold } from "./service/service.ts"
import { tracing } from "./service/tracing.ts"

/** The command service: HTTP -> load, decide, append -> the event store on DynamoDB; or HTTP -> the inbox, for later. */
export const commandService = (settings: CommandServiceSettings) => {
  const { clientAddressHeader, dynamoDb, management, rateLimits, redis, shutdownTimeout, tables, tokens } = settings
  const log = DynamoEventStore.layer({ table: tables.events })
  const inbox = DynamoCommandInbox.layer({ table: tables.inbox })
  // What the inbox's stream loses is swept up here.
  const sweeping = InboxSweeper.layer().pipe(Layer.provide(InboxHandler.layer))
  const commands = Layer.mergeAll(CommandHandler.layer, CommandAcceptance.layer(), sweeping).pipe(
    Layer.provideMerge(inbox),
    Layer.provide(log)
  )

  const limits = redis === undefined
    ? RateLimits.layerUnlimited
    : RedisRateLimits.layer(rateLimits).pipe(Layer.provide(Redis.layer(redis)))

  return commandHttp.pipe(
    Layer.provide(Layer.succeed(ClientAddressHeader, clientAddressHeader)),
    Layer.provide(Layer.succeed(AnswerHeaders, browserHeaders(settings))),
    Layer.provideMerge(listening(settings)),
    Layer.provide(commands),
    Layer.merge(measuring),
    Layer.provideMerge(Management.layer({ ...management, shutdownTimeout })),
    // Without Redis it serves all the same: it isn't asked about here.
    Layer.provide([identity(tokens), limits, dynamoDbReadiness(tables.events)]),
    Layer.provideMerge(Draining.layer),
    Layer.provide([DynamoDb.layer(dynamoDb), SecureRandom.layerWebCrypto]),
    Layer.provide([Logging.layer(settings), tracing("marginalia-command-service", settings.tracing)])
  )
}

const program = Effect.flatMap(
  readCommandServiceSettings,
  (settings) => serveUntilTold("command service", settings.host, commandService(settings))
)

if (import.meta.main) runMain({ name: "command service", settings: readCommandServiceSettings, run: program })
