import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { StackSettings } from "../../platform/StackSettings.ts"
import { type RunningChild, startChild } from "./childProgram.ts"
import type { Engines } from "./engines.ts"
import { Parts } from "./Parts.ts"
import { serviceSettings } from "./serviceSettings.ts"
import { anybody, type EngineUsers, tables } from "./storage.ts"

/** The parts that are processes of their own, and say on a port of their own whether they are ready. */
export const programs = ["command-service", "query-service", "stream-poller"] as const

/** One of them. */
export type Program = typeof programs[number]

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

/** Where a program is, once it serves. */
export interface RunningProgram extends Pick<RunningChild, "pid" | "ended"> {
  /** Where people come to it; of the poller, to which nobody comes, the same as `management`. */
  readonly url: string
  readonly management: string
}

/** How each of the programs is started, on these engines; the scope's end ends it. */
export const programStarts = (
  settings: StackSettings,
  engines: Engines,
  { cache, readModel }: EngineUsers,
  jwksUrl: string
) => {
  const shared = common(settings)
  const ofServices = serviceSettings(settings, jwksUrl)
  const start = (name: Program, more: Readonly<Record<string, string>>, ready = serves) =>
    startChild({ name, file: `${name}.ts`, settings: { ...shared, ...more }, ready }).pipe(
      Effect.map(({ ended, pid, printed: { groups = {} } }): RunningProgram => {
        const { management = "", url = management } = groups
        return { url, management, pid, ended }
      })
    )
  return {
    "command-service": start("command-service", {
      ...ofServices,
      ...dynamoDbSettings(engines),
      REDIS_URL: cache.command
    }),
    "query-service": start("query-service", {
      ...ofServices,
      DATABASE_URL: readModel.queries,
      REDIS_URL: cache.query
    }),
    "stream-poller": start(
      "stream-poller",
      {
        ...dynamoDbSettings(engines),
        DATABASE_URL: readModel.projector,
        REDIS_URL: cache.poller,
        POLL_INTERVAL: `${Duration.toMillis(settings.pollInterval)} millis`
      },
      follows
    )
  } satisfies Readonly<Record<Program, unknown>>
}

/** Starts both services and what projects between them, and tells where they are. */
export const startPrograms = Effect.fnUntraced(function*(...given: Parameters<typeof programStarts>) {
  const { started } = yield* Parts
  const management = new Map<string, string>()
  const starts = programStarts(...given)
  const start = (name: Program) =>
    started(
      name,
      Effect.map(starts[name], (running) => {
        management.set(name, running.management)
        return running.url
      })
    )

  const { commands, queries } = yield* Effect.all({
    commands: start("command-service"),
    queries: start("query-service"),
    poller: start("stream-poller")
  }, { concurrency: "unbounded" })
  return { commands: new URL(commands), queries: new URL(queries), management }
})
