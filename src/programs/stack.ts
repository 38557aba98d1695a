import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { AnswerHeaders, browserHeaders } from "../api/handlers/answerHeaders.ts"
import { DataDirectoryUnwritable } from "../platform/dataDirectoryErrors.ts"
import { DevelopmentTokens } from "../platform/DevelopmentTokens.ts"
import { Draining } from "../platform/Draining.ts"
import { lockFile } from "../platform/lockFile.ts"
import * as Logging from "../platform/Logging.ts"
import { readStackSettings, type StackSettings } from "../platform/StackSettings.ts"
import { runMain } from "./service/service.ts"
import { untraced } from "./service/untraced.ts"
import { startEngines } from "./stack/engines.ts"
import { openEntry } from "./stack/entry/entry.ts"
import { OwnServer, ReadinessAddresses } from "./stack/own.ts"
import { Parts } from "./stack/Parts.ts"
import { programs, startPrograms } from "./stack/programs.ts"
import { prepareStorage } from "./stack/storage.ts"
import { banner } from "./standalone/banner.ts"

// Issues tokens, and says of all parts whether they are ready.
const own = (readiness: ReadinessAddresses["Service"], { dataDirectory, ...settings }: StackSettings) =>
  OwnServer.layer({ host: "127.0.0.1", port: 0 }).pipe(
    Layer.provide([
      DevelopmentTokens.layer(dataDirectory === "memory" ? null : join(dataDirectory, "keys")),
      Layer.succeed(ReadinessAddresses, readiness),
      Layer.succeed(AnswerHeaders, browserHeaders(settings))
    ])
  )

// The engines' files are one stack's at a time. The folder isn't only ours: root runs PostgreSQL as somebody else.
const lockDataDirectory = (dataDirectory: string) =>
  dataDirectory === "memory"
    ? Effect.void
    : Effect.andThen(
      Effect.try({
        try: () => mkdirSync(dataDirectory, { recursive: true }),
        catch: (error) => new DataDirectoryUnwritable({ directory: dataDirectory, why: String(error) })
      }),
      lockFile(dataDirectory, join(dataDirectory, "lock"))
    )

/** Engines, then the services on them, then the entry point before them; the scope's end ends them the other way round. */
const start = Effect.fnUntraced(function*(settings: StackSettings) {
  const engines = yield* startEngines(settings.dataDirectory)
  const users = yield* prepareStorage(engines)
  const places = new Map<string, string>()
  const readiness = { parts: programs, addressOf: (part: string) => places.get(part) }
  const ownServer = Context.get(yield* Layer.build(own(readiness, settings)), OwnServer)
  const running = yield* startPrograms(settings, engines, users, ownServer.jwksUrl)
  for (const [name, url] of running.management) places.set(name, `${url}/health/ready`)
  return yield* openEntry(settings, {
    commands: running.commands,
    queries: running.queries,
    own: new URL(ownServer.url)
  })
})

/** The whole production shape on one machine: every part a process of its own on engines of its own, behind one entry point. */
export const stack = (settings: StackSettings) =>
  Effect.gen(function*() {
    const { died } = yield* Parts
    yield* lockDataDirectory(settings.dataDirectory)
    return { url: yield* Effect.raceFirst(start(settings), died), died }
  }).pipe(
    Effect.provide(Layer.mergeAll(Parts.layer, Draining.layer, NodeServices.layer, Logging.layer(settings), untraced))
  )

const program = Effect.gen(function*() {
  const settings = yield* readStackSettings
  const { died, url } = yield* stack(settings)
  yield* Console.log(banner(settings, Number(new URL(url).port)))
  return yield* died
}).pipe(Effect.scoped)

if (import.meta.main) runMain({ name: "local stack", settings: readStackSettings, run: program })
