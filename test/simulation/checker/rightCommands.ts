import { CommentId } from "../../../src/domain/ids.ts"
import type { ReceivedAnswer } from "../history/History.ts"
import { rememberedCommands } from "./decide.ts"
import { json, problem, type Row, tokenOf } from "./rightRows.ts"

/** A command as a right service takes it. */
export interface AskedCommand {
  readonly method: string
  /** The picture of a post, the comment of all else. */
  readonly target: string
  readonly text: string
  readonly client: string
  readonly scopes: ReadonlyArray<string>
  readonly condition: string | undefined
  readonly key: string | undefined
  readonly command: string
  readonly correlation: string
}

/** What a right service did under a key. */
export interface Done {
  readonly payload: string
  readonly stream: string
  readonly version: number
  readonly answer: ReceivedAnswer
}

/** What a right service decides on. */
export interface RightLog {
  readonly rows: ReadonlyMap<string, Row>
  readonly done: Map<string, Done>
  /** The streams that can't be read. */
  readonly parked: ReadonlySet<string>
  readonly append: (row: Row, type: string, data: Readonly<Record<string, unknown>>, asked: AskedCommand) => Row
}

/** What is one command however often it is sent. */
export const nameOf = ({ client, key, method, target }: AskedCommand): string | null =>
  key === undefined ? null : `${client} ${method === "POST" ? "" : target} ${key}`

const nothingDecided: ReceivedAnswer = {
  status: 503,
  headers: { "retry-after": "1" },
  body: { type: "/problems/service-unavailable", detail: "Nothing was decided about the request. Try again shortly." }
}

/** What somebody gets of whose command nobody can tell what came of it. */
export const outcomeUnknown: ReceivedAnswer = {
  status: 503,
  headers: { "retry-after": "1" },
  body: { type: "/problems/service-unavailable", detail: "It isn't known whether the request was done." }
}

/** What somebody gets whose command is decided later. */
export const accepted = (id: string, isReplayed: boolean): ReceivedAnswer => ({
  status: 202,
  headers: {
    location: `/commands/${id}`,
    "preference-applied": "respond-async",
    ...(isReplayed ? { "idempotency-replayed": "true" } : {})
  },
  body: { id, status: "pending" }
})

const posted = (log: RightLog, asked: AskedCommand): ReceivedAnswer => {
  const { client, command, target, text } = asked
  const none: Row = {
    id: CommentId.make(command),
    picture: target,
    author: client,
    text,
    version: 0,
    created: 0,
    edited: null,
    isDeleted: false
  }
  const row = log.append(none, "CommentPosted", { pictureId: target, authorId: client, text }, asked)
  const headers = { etag: `"1"`, location: `/comments/${row.id}`, ...tokenOf(row) }
  return { status: 201, headers, body: json(row) }
}

const changed = (log: RightLog, row: Row, asked: AskedCommand): ReceivedAnswer => {
  const { client, condition, method, scopes, text } = asked
  const gone: ReceivedAnswer = { status: 204, headers: tokenOf(row), body: undefined }
  if (row.isDeleted) return method === "DELETE" ? gone : problem(410, "comment-deleted", tokenOf(row))
  const isOwn = row.author === client
  if (!isOwn && !(method === "DELETE" && scopes.includes("comments:moderate"))) return problem(403, "not-the-author")
  if (condition !== undefined && condition !== `"${row.version}"`) {
    return problem(412, "version-mismatch", tokenOf(row))
  }
  if (method === "DELETE") {
    const deleted = log.append(row, "CommentDeleted", { by: isOwn ? "author" : "moderator" }, asked)
    return { ...gone, headers: tokenOf(deleted) }
  }
  const edited = row.text === text ? row : log.append(row, "CommentEdited", { text }, asked)
  return { status: 200, headers: { etag: `"${edited.version}"`, ...tokenOf(edited) }, body: json(edited) }
}

const isForgotten = ({ version }: Done, row: Row): boolean => version > 1 && row.version - version >= rememberedCommands

/** What the contract has for a command, and does it. */
export const answerCommand = (log: RightLog, asked: AskedCommand): ReceivedAnswer => {
  const { command, method, target, text } = asked
  const name = nameOf(asked)
  const payload = `${method} ${target} ${text}`
  const before = name === null ? undefined : log.done.get(name)
  const row = log.rows.get(method === "POST" ? before?.stream ?? command : target)
  if (row !== undefined && log.parked.has(row.id)) return nothingDecided
  if (before !== undefined && row !== undefined && !isForgotten(before, row)) {
    if (before.payload !== payload) return problem(422, "idempotency-key-reused")
    const headers = { ...before.answer.headers, ...tokenOf(row), "idempotency-replayed": "true" }
    return { ...before.answer, headers }
  }
  if (method !== "POST" && row === undefined) return problem(404, "comment-not-found")
  const answer = row === undefined ? posted(log, asked) : changed(log, row, asked)
  const now = log.rows.get(method === "POST" ? command : target)
  if (name !== null && now !== undefined && now.version !== row?.version) {
    log.done.set(name, { payload, stream: now.id, version: now.version, answer })
  }
  return answer
}
