import { Config, Console, Effect, Exit, Option, Result, Scope } from "effect"
import type { TestProject } from "vitest/node"
import { serveEngines } from "./engineBroker.ts"
import { howToGetBinaries, installedBinaries } from "./postgresBinaries.ts"
import { PostgresServerError } from "./postgresServer.ts"

declare module "vitest" {
  export interface ProvidedContext {
    readonly engines: {
      /** Where suites ask for an engine; see `serveEngines`. */
      readonly address: string
      /** Whether PostgreSQL can be had; where it can't, its suites are skipped. */
      readonly postgres: boolean
    }
  }
}

/** Says loudly that suites will be skipped for want of PostgreSQL; on a build server, that fails the run instead. */
const findPostgres = Effect.gen(function*() {
  const given = yield* Config.option(Config.NonEmptyString("DATABASE_URL"))
  if (Option.isSome(given) || Result.isSuccess(installedBinaries)) return true
  const buildServer = yield* Config.option(Config.NonEmptyString("CI"))
  if (Option.isSome(buildServer)) return yield* new PostgresServerError({ message: howToGetBinaries })
  yield* Console.error(`\n${howToGetBinaries}\nThe suites that need it are SKIPPED.\n`)
  return false
})

/** Offers the engines to a run of the tests, and ends those that were started when the run is over. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  const scope = Scope.makeUnsafe()
  const end = () => Effect.runPromise(Scope.close(scope, Exit.void))
  return Effect.runPromise(
    Effect.gen(function*() {
      const postgres = yield* findPostgres
      project.provide("engines", { address: yield* serveEngines, postgres })
      return end
    }).pipe(Scope.provide(scope))
  )
}
