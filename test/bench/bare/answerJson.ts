import type { ServerResponse } from "node:http"

/** Answers with a value as JSON. */
export const answerJson = (response: ServerResponse, status: number, value: unknown): void => {
  const body = Buffer.from(JSON.stringify(value))
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length }).end(body)
}

/** Gives up: the load generator refuses the status, and says what was wrong. */
export const answerFailure = (response: ServerResponse) => (error: unknown): void => {
  response.writeHead(500).end(String(error))
}
