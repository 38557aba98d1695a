import { Effect } from "effect"
import { fileURLToPath } from "node:url"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import { BenchError } from "../BenchError.ts"
import type { Pinning } from "../servers/pinning.ts"
import type { RunningServer } from "../servers/RunningServer.ts"
import { startStandalone } from "../servers/standalone.ts"
import { startServer } from "../servers/startServer.ts"
import { startCommandServiceOn, tableSettings } from "../stack/commandSide.ts"
import { fillReadModel, startQueryServiceOn } from "../stack/querySide.ts"
import { withBenchClient } from "../subject/BenchClient.ts"
import type { CrudEngines } from "./crudEngines.ts"
import { analyse, fillLog } from "./crudSeed.ts"
import { type CrudSide, prepareAuthors } from "./CrudSide.ts"

const poller = fileURLToPath(new URL("../../../src/programs/stream-poller.ts", import.meta.url))

export const servicesName = "Marginalia, services"
export const standaloneName = "Marginalia, standalone"

const settle = (server: RunningServer) => withBenchClient(server, ({ settled }) => settled)

const asBenchError = Effect.mapError((error: unknown) =>
  error instanceof BenchError ? error : new BenchError({ message: String(error) })
)

/** Starts command service, query service and stream poller, which share the server's core. */
export const startServices = Effect.fn("startServices")(
  function*(engines: CrudEngines, commits: ReadonlyArray<EncodedCommit>, pictures: number) {
    const { dynamo, issuer, pinning, postgres, redis } = engines
    yield* fillReadModel(postgres, commits)
    yield* analyse(postgres)
    const queries = yield* startQueryServiceOn(engines, pinning)
    const commands = yield* startCommandServiceOn(engines, pinning)
    const projecting = yield* startServer({
      name: "The stream poller",
      prefix: pinning.prefix("server"),
      nodeArguments: [poller],
      portVariable: "MANAGEMENT_PORT",
      environment: {
        ...tableSettings(dynamo),
        DATABASE_URL: postgres,
        REDIS_URL: redis,
        LOG_LEVEL: "warn",
        SHUTDOWN_TIMEOUT: "1 second"
      }
    })
    const server = { ...commands, queries: queries.origin, tokens: issuer.url }
    const authors = yield* prepareAuthors(server)
    const side: CrudSide = {
      name: servicesName,
      ports: [queries.port, commands.port],
      pids: [queries.pid, commands.pid, projecting.pid],
      material: { ...authors, commands: 1, pictures, comments: commits.length },
      settled: settle(server)
    }
    yield* side.settled
    return side
  },
  asBenchError
)

/** Starts the standalone program with the same comments in its log. */
export const startOwnProgram = Effect.fn("startOwnProgram")(
  function*(pinning: Pinning, commits: ReadonlyArray<EncodedCommit>, pictures: number) {
    const server = yield* startStandalone(
      { name: "crud", fill: (dataDirectory) => fillLog(dataDirectory, commits) },
      { pinning, profiles: undefined }
    )
    const authors = yield* prepareAuthors(server)
    const side: CrudSide = {
      name: standaloneName,
      ports: [server.port],
      pids: [server.pid],
      material: { ...authors, commands: 0, pictures, comments: commits.length },
      settled: settle(server)
    }
    yield* side.settled
    return side
  },
  asBenchError
)
