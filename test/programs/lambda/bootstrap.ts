import process from "node:process"
import { pathToFileURL } from "node:url"
import { format } from "node:util"

// What Lambda's own bootstrap for Node does: imports the handler once, then asks for one invocation after the other.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
const { AWS_LAMBDA_RUNTIME_API: api, LAMBDA_TASK_ROOT: root } = process.env
const base = `http://${api}/2018-06-01/runtime`

const report = (path: string, error: unknown) =>
  fetch(`${base}/${path}`, {
    method: "POST",
    body: JSON.stringify({
      errorType: error instanceof Error ? error.name : "Error",
      errorMessage: error instanceof Error ? error.message : String(error)
    })
  })

// The console is the runtime's: it puts the time, the request's id and the level before what is said.
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
let current = "undefined"
for (const level of ["debug", "info", "log", "warn", "error"] as const) {
  console[level] = (...said: ReadonlyArray<unknown>) => {
    process.stderr.write(
      `${new Date().toISOString()}\t${current}\t${level.toUpperCase()}\t${format(...said).replaceAll("\n", "\r")}\n`
    )
  }
}

const imported = await import(pathToFileURL(`${root}/index.mjs`).href).catch(async (error) => {
  await report("init/error", error)
  process.exit(1)
})

const serveOne = async () => {
  const next = await fetch(`${base}/invocation/next`)
  const id = next.headers.get("Lambda-Runtime-Aws-Request-Id")
  current = String(id)
  const deadline = Number(next.headers.get("Lambda-Runtime-Deadline-Ms"))
  const context = { awsRequestId: id, getRemainingTimeInMillis: () => deadline - Date.now() }
  try {
    const answer = await imported.handler(await next.json(), context)
    await fetch(`${base}/invocation/${id}/response`, { method: "POST", body: JSON.stringify(answer ?? null) })
  } catch (error) {
    await report(`invocation/${id}/error`, error)
  }
}

const serve = (): Promise<never> => serveOne().then(serve)
await serve()
