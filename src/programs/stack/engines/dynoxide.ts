import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { createRequire } from "node:module"
import { join } from "node:path"
import { answersHttp, EngineError, freePort, startEngine } from "./engineProcess.ts"

const engine = "dynoxide"
const packageName = `@dynoxide/${process.platform}-${process.arch}`

/** Dynoxide's executable, as npm has installed it. */
export const findDynoxide: Effect.Effect<string, EngineError> = Effect.try({
  try: () => createRequire(import.meta.url).resolve(`${packageName}/dynoxide`),
  catch: () =>
    new EngineError({
      engine,
      message: `There is no dynoxide: ${packageName} isn't installed. Run "npm ci" with optional packages ` +
        `(they are for Linux on x64; elsewhere DynamoDB Local does the same with Java).`
    })
})

/** Where an engine keeps its data: nowhere but in memory, if no folder is given. */
export interface DynamoEngineOptions {
  /** A folder that exists. */
  readonly folder?: string | undefined
}

/** A private dynoxide, a small DynamoDB, on a free port of 127.0.0.1; the scope's end stops it. Answers with its URL. */
export const startDynoxide = Effect.fn("startDynoxide")(function*(
  { folder }: DynamoEngineOptions = {}
): Effect.fn.Return<string, EngineError, Scope.Scope> {
  const command = yield* findDynoxide
  const port = yield* freePort(engine)
  const url = `http://127.0.0.1:${port}`
  const storage = folder === undefined ? [] : ["--db-path", join(folder, "dynoxide.db")]
  yield* startEngine({
    engine,
    command,
    commandArguments: ["serve", "--host", "127.0.0.1", "--port", String(port), ...storage],
    answers: answersHttp(url)
  })
  return url
})
