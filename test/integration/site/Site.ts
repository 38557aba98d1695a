import { Context, Duration, Effect, Layer, Redacted, References, Schedule } from "effect"
import * as EffectRedis from "effect/persistence/Redis"
import { randomBytes } from "node:crypto"
import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { AnswerHeaders, browserHeaders } from "../../../src/api/handlers/answerHeaders.ts"
import { DevelopmentTokens } from "../../../src/platform/DevelopmentTokens.ts"
import { Draining } from "../../../src/platform/Draining.ts"
import * as Redis from "../../../src/platform/Redis.ts"
import type { StackSettings } from "../../../src/platform/StackSettings.ts"
import { openEntry } from "../../../src/programs/stack/entry/entry.ts"
import { OwnServer, ReadinessAddresses } from "../../../src/programs/stack/own.ts"
import { type Program, programs as programNames, programStarts } from "../../../src/programs/stack/programs.ts"
import { prepareStorage } from "../../../src/programs/stack/storage.ts"
import { developmentTokens } from "../../http/developmentTokens.ts"
import { Target } from "../../http/Target.ts"
import { type CacheKeeper, startEngines } from "./engines.ts"
import { makeProgram, type SiteProgram } from "./programs.ts"

const settings: StackSettings = {
  host: "127.0.0.1",
  port: 0,
  dataDirectory: "memory",
  pollInterval: Duration.millis(100),
  // The defaults.
  rateLimits: {
    commands: { burst: 10_000, window: Duration.hours(1) },
    queries: { burst: 60_000, window: Duration.minutes(10) }
  },
  corsAllowedOrigins: [],
  hstsMaxAge: undefined,
  logLevel: "None",
  logFormat: "json",
  shutdownTimeout: Duration.seconds(10)
}

/** A folder that is removed with the scope. Root hands PostgreSQL over to somebody who must get there. */
const dataFolder = Effect.acquireRelease(
  Effect.sync(() => {
    const folder = mkdtempSync(join(tmpdir(), "marginalia-faults-"))
    chmodSync(folder, 0o755)
    return folder
  }),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

/** Has Redis keep the users that it has, for when it is started again. */
const keepUsers = (server: string, { password, user }: CacheKeeper) => {
  const url = new URL(server)
  url.username = user
  url.password = password
  return EffectRedis.Redis.use(({ send }) => send("ACL", "SAVE")).pipe(
    // It isn't connected yet.
    Effect.retry({ schedule: Schedule.spaced("20 millis"), times: 500 }),
    Effect.provide(Redis.layer({ url: Redacted.make(url.href), cluster: false, caFile: undefined })),
    Effect.orDie
  )
}

const own = (readiness: ReadinessAddresses["Service"]) =>
  OwnServer.layer({ host: "127.0.0.1", port: 0 }).pipe(
    Layer.provide([
      DevelopmentTokens.layer(null),
      Layer.succeed(ReadinessAddresses, readiness),
      Layer.succeed(AnswerHeaders, browserHeaders(settings))
    ])
  )

const makePrograms = Effect.fnUntraced(function*(...given: Parameters<typeof programStarts>) {
  const starts = programStarts(...given)
  // The entry looks at these at each request.
  const services = { commands: new URL("http://127.0.0.1"), queries: new URL("http://127.0.0.1") }
  const moveTo = (service: URL) => (url: string) => {
    service.port = new URL(url).port
  }
  const made = yield* Effect.all({
    "command-service": makeProgram(starts["command-service"], moveTo(services.commands)),
    "query-service": makeProgram(starts["query-service"], moveTo(services.queries)),
    "stream-poller": makeProgram(starts["stream-poller"], () => {})
  }, { concurrency: "unbounded" })
  const programs: Readonly<Record<Program, SiteProgram>> = made
  return { programs, services }
})

/**
 * The local stack, each part of which can be hurt and started again: the same engines, programs and entry point as those of
 * `npm run stack`, all data on disk, with ways between programs and engines that can be cut and slowed.
 */
const make = Effect.gen(function*() {
  const folder = yield* dataFolder
  const keeper: CacheKeeper = { user: "keeper", password: randomBytes(18).toString("hex") }
  const { dynamoSoftware, engines } = yield* startEngines(folder, keeper)
  const places = { postgres: engines.PostgreSQL.url, dynamoDb: engines.DynamoDB.url, redis: engines.Redis.url }
  const users = yield* Effect.provideService(prepareStorage(places), References.MinimumLogLevel, "Warn")
  yield* keepUsers(engines.Redis.direct(), keeper)

  const addresses = new Map<string, () => string>()
  const readiness = { parts: programNames, addressOf: (part: string) => addresses.get(part)?.() }
  const ownServer = Context.get(yield* Layer.build(own(readiness)), OwnServer)
  const { programs, services } = yield* makePrograms(settings, places, users, ownServer.jwksUrl)
  for (const name of programNames) addresses.set(name, () => `${programs[name].management()}/health/ready`)
  const url = yield* openEntry(settings, { ...services, own: new URL(ownServer.url) })
  const target = Target.of({ url, token: yield* developmentTokens(url) })
  return { engines, programs, target, dynamoSoftware }
})

/** A site for faults; all of it ends with the scope. */
export class Site extends Context.Service<Site, Effect.Success<typeof make>>()("marginalia/test/integration/Site") {
  static readonly layer = Layer.effect(Site, make).pipe(Layer.provide(Draining.layer))
}
