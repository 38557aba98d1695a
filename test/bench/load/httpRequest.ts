import type { Request } from "../Row.ts"

/** A GET without anything that an answer could depend on. */
export const getRequest = (path: string): Request => `GET ${path} HTTP/1.1\r\nHost: bench\r\n\r\n`

/** A request with a JSON body and a bearer token. All of it is ASCII. */
export const jsonRequest = (method: "POST" | "PATCH", path: string, token: string, body: unknown): Request => {
  const json = JSON.stringify(body)
  return `${method} ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${json.length}\r\n\r\n${json}`
}

/** The same with a text of any script. */
export const textRequest = (method: "POST" | "PATCH", path: string, token: string, text: string): Request => {
  const json = Buffer.from(JSON.stringify({ text }))
  const head =
    `${method} ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${json.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), json])
}
