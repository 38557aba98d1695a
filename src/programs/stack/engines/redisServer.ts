import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { spawnSync } from "node:child_process"
import { connect } from "node:net"
import { EngineError, freePort, startEngine } from "./engineProcess.ts"

const engine = "Redis"
const command = "redis-server"

/** The server's executable, where the PATH has one. */
export const findRedisServer: Effect.Effect<string, EngineError> = Effect.suspend(() =>
  spawnSync(command, ["--version"]).status === 0
    ? Effect.succeed(command)
    : Effect.fail(
      new EngineError({
        engine,
        message: `There is no Redis: "${command}" isn't on the PATH. Install it with the system's package manager ` +
          `("apt-get install redis-server", "brew install redis"), version 7 or later.`
      })
    )
)

/** What a server is started with. */
export interface RedisServerOptions {
  /** A free one, if left out. */
  readonly port?: number | undefined
  /** A folder that exists, where the server keeps its data: nowhere but in memory, if none is given. */
  readonly folder?: string | undefined
  /** Files in PEM. With them the server takes nothing but TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined
  /** More of the server's arguments, such as `["--maxmemory", "4mb"]`. */
  readonly settings?: ReadonlyArray<string> | undefined
}

/** Succeeds once the server answers; one that wants TLS says no more than that it is there. */
const answers = (port: number, encrypted: boolean): Effect.Effect<void, EngineError> =>
  Effect.callback((resume) => {
    const notYet = (why: string) => resume(Effect.fail(new EngineError({ engine, message: why })))
    const socket = connect(port, "127.0.0.1", () => {
      if (encrypted) resume(Effect.void)
      else socket.write("PING\r\n")
    })
    socket.setEncoding("utf8").once("data", (text) => {
      if (String(text).startsWith("-LOADING")) notYet("it is loading its data")
      else resume(Effect.void)
    })
    socket.once("error", ({ message }) => notYet(message))
    return Effect.sync(() => socket.destroy())
  })

/** A private Redis on a port of 127.0.0.1; the scope's end stops it. Answers with its URL. */
export const startRedisServer = Effect.fn("startRedisServer")(function*(
  { folder, settings = [], tls, ...options }: RedisServerOptions = {}
): Effect.fn.Return<string, EngineError, Scope.Scope> {
  const command = yield* findRedisServer
  const port = options.port ?? (yield* freePort(engine))
  const listening = tls === undefined
    ? ["--port", String(port)]
    : ["--port", "0", "--tls-port", String(port), "--tls-cert-file", tls.certificate, "--tls-key-file", tls.key]
  const storage = folder === undefined ? ["--appendonly", "no"] : ["--dir", folder, "--appendonly", "yes"]
  yield* startEngine({
    engine,
    command,
    commandArguments: [
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      ...listening,
      ...(tls === undefined ? [] : ["--tls-auth-clients", "no"]),
      ...storage,
      ...settings
    ],
    answers: answers(port, tls !== undefined)
  })
  return `${tls === undefined ? "redis" : "rediss"}://127.0.0.1:${port}`
})
