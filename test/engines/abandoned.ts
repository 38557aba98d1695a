import { Effect } from "effect"
import { spawn } from "node:child_process"
import { connect } from "node:net"
import { fileURLToPath } from "node:url"

/**
 * Starts an engine in a process of its own, kills that process with SIGKILL, and gives the engine's URL.
 *
 * @param script the process, beside this file; it prints the URL
 */
export const urlOfAbandoned = (script: string) =>
  Effect.callback<string>((resume) => {
    const file = fileURLToPath(new URL(script, import.meta.url))
    const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] })
    let url = ""
    child.stdout.once("data", (data) => {
      url = String(data)
      child.kill("SIGKILL")
    })
    child.once("close", () => resume(Effect.succeed(url)))
    return Effect.sync(() => child.kill("SIGKILL"))
  })

/** Whether anybody listens where a URL leads. */
export const listens = (url: string) =>
  Effect.callback<boolean>((resume) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.once("connect", () => {
      socket.destroy()
      resume(Effect.succeed(true))
    })
    socket.once("error", () => resume(Effect.succeed(false)))
  })
