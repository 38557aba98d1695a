import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { StackSettings } from "../../platform/StackSettings.ts"
import { startChild } from "./childProgram.ts"
import type { Engines } from "./engines.ts"
import { Parts } from "./Parts.ts"
import { serviceSettings } from "./serviceSettings.ts"
import { anybody, type EngineUsers, tables } from "./storage.ts"

/** The parts that are processes of their own, and say on a port of their own whether they are ready. */
export const programs = ["command-service", "query-service", "stream-poller"] as const

type Program = typeof programs[number]

const serves = /listens on (?<url>http:\S+), its management on (?<management>http:\S+)\.\n/

// Nobody comes to it: its address is that of its management.
const follows = /its management on (?<management>http:\S+)\.\n/

const common = ({ logFormat, logLevel, shutdownTimeout }: StackSettings) => ({
  HOST: "127.0.0.1",
  PORT: "0",
  MANAGEMENT_HOST: "127.0.0.1",
  MANAGEMENT_PORT: "0",
  LOG_LEVEL: logLevel.toLowerCase(),
  LOG_FORMAT: logFormat,
  SHUTDOWN_TIMEOUT: `${Duration.toMillis(shutdownTimeout)} millis`
})

const dynamoDbSettings = ({ dynamoDb }: Engines) => ({
  DYNAMODB_ENDPOINT: dynamoDb,
  AWS_REGION: anybody.region,
  AWS_ACCESS_KEY_ID: anybody.accessKeyId,
  AWS_SECRET_ACCESS_KEY: anybody.secretAccessKey,
  EVENTS_TABLE: tables.events,
  INBOX_TABLE: tables.inbox
})

/** Starts both services and what projects between them, and tells where they are. */
export const startPrograms = Effect.fnUntraced(function*(
  settings: StackSettings,
  engines: Engines,
  { cache, readModel }: EngineUsers,
  jwksUrl: string
) {
  const { started } = yield* Parts
  const management = new Map<string, string>()
  const shared = common(settings)
  const ofServices = serviceSettings(settings, jwksUrl)

  const start = (name: Program, more: Readonly<Record<string, string>>, ready = serves) =>
    started(
      name,
      startChild({ name, file: `${name}.ts`, settings: { ...shared, ...more }, ready }).pipe(
        Effect.map(({ groups = {} }) => {
          const { management: address = "", url = address } = groups
          management.set(name, address)
          return url
        })
      )
    )

  const { commands, queries } = yield* Effect.all({
    commands: start("command-service", { ...ofServices, ...dynamoDbSettings(engines), REDIS_URL: cache.command }),
    queries: start("query-service", { ...ofServices, DATABASE_URL: readModel.queries, REDIS_URL: cache.query }),
    poller: start(
      "stream-poller",
      {
        ...dynamoDbSettings(engines),
        DATABASE_URL: readModel.projector,
        REDIS_URL: cache.poller,
        POLL_INTERVAL: `${Duration.toMillis(settings.pollInterval)} millis`
      },
      follows
    )
  }, { concurrency: "unbounded" })
  return { commands: new URL(commands), queries: new URL(queries), management }
})
