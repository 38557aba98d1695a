import type { RoutedPath } from "../../src/api/handlers/RouteTable.ts"

/** Those who may come, each with a token of their own, or none. */
export const callers = [
  "nobody",
  "somebody with a bad token",
  "another user",
  "another user without a scope",
  "the author",
  "the author without a scope",
  "a moderator",
  "a moderator who may not write"
] as const
export type CallerKind = typeof callers[number]

/** What an operation is answered to a caller: a status, and of a refusal the problem's name. */
export type Cell = `${number}` | `${number} ${string}`

/** What an operation works on: whatever belongs to the author. */
export interface Objects {
  readonly picture: string
  readonly comment: string
  readonly command: string
}

/** One operation, and what it is answered to whom, in the order of `callers`. */
export interface Row {
  /** As in the contract: the method, and the path as a template. */
  readonly operation: `${string} /${string}`
  readonly body?: object
  readonly path: (objects: Objects) => string
  readonly cells: readonly [Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell]
}

type Cells = Row["cells"]

const everybody: Cells = ["200", "200", "200", "200", "200", "200", "200", "200"]
const no = "401 unauthorized"
const scope = "403 insufficient-scope"
const others = "403 not-the-author"
const hidden = "404 command-not-found"

const text = { text: "text" }

/** What both services serve, wherever they are deployed. */
export const contractRows: ReadonlyArray<Row> = [
  {
    operation: "POST /pictures/:pictureId/comments",
    body: text,
    path: ({ picture }) => `/pictures/${picture}/comments`,
    cells: [no, no, "201", scope, "201", scope, "201", scope]
  },
  {
    operation: "PATCH /comments/:commentId",
    body: text,
    path: ({ comment }) => `/comments/${comment}`,
    cells: [no, no, others, scope, "200", scope, others, scope]
  },
  {
    operation: "DELETE /comments/:commentId",
    path: ({ comment }) => `/comments/${comment}`,
    cells: [no, no, others, scope, "204", scope, "204", "204"]
  },
  {
    operation: "GET /commands/:commandId",
    path: ({ command }) => `/commands/${command}`,
    cells: [no, no, hidden, hidden, "200", "200", hidden, hidden]
  },
  {
    operation: "GET /comments/:commentId/history",
    path: ({ comment }) => `/comments/${comment}/history`,
    cells: [no, no, others, others, "200", "200", "200", "200"]
  },
  {
    operation: "GET /comments/:commentId",
    path: ({ comment }) => `/comments/${comment}`,
    cells: everybody
  },
  {
    operation: "GET /pictures/:pictureId/comments",
    path: ({ picture }) => `/pictures/${picture}/comments`,
    cells: everybody
  },
  {
    operation: "GET /pictures/:pictureId/comments/count",
    path: ({ picture }) => `/pictures/${picture}/comments/count`,
    cells: everybody
  },
  {
    operation: "GET /comment-counts",
    path: ({ picture }) => `/comment-counts?pictureId=${picture}`,
    cells: everybody
  },
  { operation: "GET /users/:userId/comments", path: () => "/users/ana/comments", cells: everybody },
  { operation: "GET /openapi.json", path: () => "/openapi.json", cells: everybody },
  { operation: "GET /docs", path: () => "/docs", cells: everybody },
  { operation: "GET /problems/:name", path: () => "/problems/unauthorized", cells: everybody }
]

/** What is only where nobody else comes: it is served to everybody there, and nowhere else. */
export const localRows: ReadonlyArray<Row> = [
  { operation: "POST /dev/token", body: { sub: "ana" }, path: () => "/dev/token", cells: everybody },
  { operation: "GET /health/live", path: () => "/health/live", cells: everybody },
  { operation: "GET /health/ready", path: () => "/health/ready", cells: everybody }
]

/** What is only where one process is all of it. */
export const standaloneRows: ReadonlyArray<Row> = [
  { operation: "GET /metrics", path: () => "/metrics", cells: everybody }
]

/** The operations that paths have. HEAD is wherever GET is. */
export const operationsOf = (paths: ReadonlyArray<RoutedPath>): ReadonlyArray<string> =>
  paths.flatMap(({ methods, template }) => methods.map((method) => `${method} ${template}`)).toSorted()
