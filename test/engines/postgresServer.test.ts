import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { connect } from "node:net"
import { fileURLToPath } from "node:url"
import { describePostgres } from "./databases.ts"

/** Starts a server in a process of its own, kills that process with SIGKILL, and gives the server's URL. */
const urlOfAbandonedServer = Effect.callback<string>((resume) => {
  const script = fileURLToPath(new URL("./runPostgresServer.ts", import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] })
  let url = ""
  child.stdout.once("data", (data) => {
    url = String(data)
    child.kill("SIGKILL")
  })
  child.once("close", () => resume(Effect.succeed(url)))
  return Effect.sync(() => child.kill("SIGKILL"))
})

const listens = (url: URL) =>
  Effect.callback<boolean>((resume) => {
    const socket = connect(Number(url.port), url.hostname)
    socket.once("connect", () => {
      socket.destroy()
      resume(Effect.succeed(true))
    })
    socket.once("error", () => resume(Effect.succeed(false)))
  })

describePostgres("The server of a test run", () => {
  it.effect("ends with the process that started it, however that ends", () =>
    Effect.gen(function*() {
      const url = new URL(yield* urlOfAbandonedServer)
      const listening = yield* Effect.repeat(listens(url), { until: (listening) => !listening })
      assert.isFalse(listening)
    }))
})
