import type { IncomingMessage } from "node:http"
import { serve } from "../support/serve.ts"
import { faultyDocument } from "./faultyDocument.ts"

interface Answer {
  readonly status: number
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

const well: Answer = { status: 200, body: { id: "one" } }
const notAllowed = (allow: string): Answer => ({ status: 405, headers: { allow } })

const isOneToThree = (text: string | null): boolean => text === null || /^[123]$/.test(text)

let made = 0
const make = (): Answer => {
  made += 1
  return { status: 201, body: { id: `made${made}` } }
}

/** What the server answers to a GET at a path that it knows. */
const answersOf = (url: URL): Readonly<Record<string, Answer>> => ({
  "/honest": isOneToThree(url.searchParams.get("limit")) ? well : { status: 400 },
  "/openapi.json": { status: 200, body: faultyDocument },
  "/broken": { status: 500 },
  "/undocumented": { status: 202, body: { id: "one" } },
  "/typed": { status: 200, type: "text/html", body: { id: "one" } },
  "/headed": well,
  "/shaped": { status: 200, body: { id: 1 } },
  "/lax": well,
  "/strict": { status: 400 },
  "/hasty": well,
  "/allowing": well,
  "/open": well
})

// Only its own tokens, which are a user's name, open what isn't faulty in just that.
const isKnown = ({ headers }: IncomingMessage): boolean => /^Bearer (?:ana|ben)$/.test(headers.authorization ?? "")

const answerResource = (request: IncomingMessage, name: string, id: string | undefined): Answer => {
  const { method } = request
  if (id === undefined) {
    if (method !== "POST") return notAllowed("POST")
    return isKnown(request) ? make() : { status: 401 }
  }
  const allow = name === "freed" ? "GET, DELETE" : "GET"
  if (!allow.split(", ").includes(method ?? "")) return notAllowed(allow)
  if (!isKnown(request)) return { status: 401 }
  if (method === "DELETE") return { status: 204 }
  return name === "lost" || !/^made\d+$/.test(id) ? { status: 404 } : { status: 200, body: { id, text: "Mine" } }
}

const answer = (request: IncomingMessage, sub: string): Answer => {
  const url = new URL(request.url ?? "/", "http://127.0.0.1")
  const { pathname } = url
  if (pathname === "/dev/token") return { status: 200, body: { token: sub } }
  const [, name, id] = /^\/(freed|lost|own)(?:\/(.*))?$/.exec(pathname) ?? []
  if (name !== undefined) return answerResource(request, name, id)
  if (pathname === "/any") return well
  const found = answersOf(url)[pathname]
  if (found === undefined) return { status: 404 }
  if (request.method === "GET") return found
  return notAllowed(pathname === "/allowing" ? "GET, PUT" : "GET")
}

/** A server that doesn't keep its document, in one place for each check, until the scope ends. */
export const serveFaults = serve((request, response) => {
  const parts: Array<Buffer> = []
  request.on("data", (part: Buffer) => parts.push(part)).on("end", () => {
    const [, sub = ""] = /"sub":"(\w+)"/.exec(Buffer.concat(parts).toString("utf8")) ?? []
    const { body, headers = {}, status, type = "application/json" } = answer(request, sub)
    response.writeHead(status, body === undefined ? headers : { ...headers, "content-type": type })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  })
})
