import { Effect, Ref, Schedule, Stream } from "effect"
import { HttpClient } from "effect/http"
import { createServer } from "node:net"
import { BenchError } from "../BenchError.ts"
import type { RunningServer } from "./RunningServer.ts"
import { type NodeProcess, spawnNode } from "./spawnNode.ts"

const freePort = Effect.callback<number, BenchError>((resume) => {
  const server = createServer()
  server.once("error", (error) => resume(new BenchError({ message: `No port is free: ${error.message}` })))
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

/** How long a server may take until it is ready: it may have a database to make. */
const patience = "60 seconds"

/** A server's process. */
interface ServerProcess extends NodeProcess {
  /** What `/health/ready` answers once the server serves: 200, if left out. */
  readonly readyStatus?: number
  /** The variable that says where it listens: `PORT`, if left out. */
  readonly portVariable?: string
}

/**
 * Starts a server that listens where PORT says, and waits until its `/health/ready` answers as it should; the scope's end ends
 * it. Fails with the last of what it printed if it ends before.
 */
export const startServer = Effect.fn("startServer")(function*(command: ServerProcess) {
  const client = yield* HttpClient.HttpClient
  const port = yield* freePort
  const origin = `http://127.0.0.1:${port}`
  const child = yield* spawnNode({
    ...command,
    environment: { ...command.environment, HOST: "127.0.0.1", [command.portVariable ?? "PORT"]: String(port) }
  })
  const printed = yield* Ref.make("")
  yield* child.all.pipe(
    Stream.decodeText,
    Stream.runForEach((text) => Ref.update(printed, (before) => (before + text).slice(-4000))),
    Effect.ignore,
    Effect.forkScoped
  )
  const gaveUp = (why: string) =>
    Effect.flatMap(
      Ref.get(printed),
      (text) => new BenchError({ message: `${command.name} ${why}. It printed:\n${text}` })
    )
  const ready = client.get(`${origin}/health/ready`).pipe(
    Effect.filterOrFail(({ status }) => status === (command.readyStatus ?? 200)),
    Effect.retry(Schedule.spaced("50 millis")),
    Effect.timeoutOrElse({ duration: patience, orElse: () => gaveUp(`wasn't ready after ${patience}`) })
  )
  const ended = Effect.flatMap(Effect.exit(child.exitCode), () => gaveUp("ended before it was ready"))
  yield* Effect.raceFirst(ready, ended)
  return { pid: child.pid, port, origin } satisfies RunningServer
})
