import { Effect } from "effect"
import { fileURLToPath } from "node:url"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import { BenchError } from "../BenchError.ts"
import { startServer } from "../servers/startServer.ts"
import { administer } from "../work/freshDatabase.ts"
import type { CrudEngines } from "./crudEngines.ts"
import { fillTable } from "./crudSeed.ts"
import { type CrudSide, prepareAuthors } from "./CrudSide.ts"

const program = fileURLToPath(new URL("../rivals/crud/server.mjs", import.meta.url))
const database = "traditional"

export const crudServiceName = "Fastify + pg"

/** Starts the traditional service on a database of its own of the same PostgreSQL server. */
export const startCrudService = Effect.fn("startCrudService")(
  function*({ issuer, pinning, postgres }: CrudEngines, commits: ReadonlyArray<EncodedCommit>, pictures: number) {
    yield* administer(postgres, `CREATE DATABASE ${database} TEMPLATE template0`)
    const url = new URL(postgres)
    url.pathname = database
    const server = yield* startServer({
      name: "The traditional service",
      prefix: pinning.prefix("server"),
      nodeArguments: [program],
      environment: { ...issuer.settings, DATABASE_URL: url.href, NODE_ENV: "production" }
    })
    yield* fillTable(url.href, commits)
    const authors = yield* prepareAuthors({ ...server, tokens: issuer.url })
    const side: CrudSide = {
      name: crudServiceName,
      ports: [server.port],
      pids: [server.pid],
      material: { ...authors, commands: 0, pictures, comments: commits.length },
      settled: Effect.void
    }
    return side
  },
  Effect.mapError((error) => error instanceof BenchError ? error : new BenchError({ message: String(error) }))
)
