import { AuthorId, CommentId, CommitId, Version } from "../../../src/domain/ids.ts"
import type { Exchange, History, LoggedCommit, PositionsReached, ReceivedAnswer } from "../history/History.ts"
import type { Moment } from "../kernel/Journal.ts"
import { answerQuery } from "./rightQueries.ts"
import { finalRows, json, problem, type RightEvent, type RightState, type RightStatus, type Row } from "./rightRows.ts"

interface Done {
  readonly payload: string
  readonly answer: ReceivedAnswer
}

/** What a test sends; all that is left out is as most clients have it. */
export interface Sending {
  readonly client: string
  readonly scopes?: ReadonlyArray<string>
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

const uuid = (kind: number, number: number): string =>
  `00000000-0000-7000-800${kind}-${number.toString(16).padStart(12, "0")}`
const tokenOf = ({ id, version }: { readonly id: string; readonly version: number }): Record<string, string> => {
  const bytes = Buffer.alloc(29)
  bytes.writeUInt8(1)
  bytes.write(id.replaceAll("-", ""), 1, "hex")
  bytes.writeUInt32BE(version, 17)
  return { "consistency-token": bytes.toString("base64url") }
}
const start = Date.UTC(2026, 0, 1)

/** The contract, as simple as can be: everything at once, one after the other, in memory. What it leaves is a right history. */
export class RightService implements RightState {
  readonly exchanges: Array<Exchange> = []
  readonly log: Array<LoggedCommit> = []
  readonly positions: Array<PositionsReached> = []
  readonly rows = new Map<string, Row>()
  readonly seen = new Map<string, Row>()
  readonly events = new Map<string, ReadonlyArray<RightEvent>>()
  readonly #done = new Map<string, Done>()
  readonly statuses = new Map<string, RightStatus>()
  #ticks = 0

  moment(): Moment {
    this.#ticks++
    return { tick: this.#ticks, at: start + this.#ticks * 10 }
  }

  send({ body, client, headers = {}, method, path, scopes = ["comments:write"] }: Sending): ReceivedAnswer {
    const sent = this.moment()
    const number = this.exchanges.length
    const id = `request-${number}`
    const request = { method, path, headers: { ...headers, "x-request-id": id }, body }
    const answer = method === "GET"
      ? answerQuery(this, { path, client, scopes, headers })
      : this.#command(request, client, scopes, id)
    this.exchanges.push({ number, client: AuthorId.make(client), scopes, request, sent, answer, ended: this.moment() })
    return answer
  }

  /** The read model gets to know what the log has of all comments. */
  project(): void {
    const behind = Array.from(this.rows.values()).filter(({ id, version }) => this.seen.get(id)?.version !== version)
    if (behind.length === 0) return
    for (const row of behind) this.seen.set(row.id, row)
    this.positions.push({
      moment: this.moment(),
      positions: behind.map(({ id, version }) => ({ stream: id, version, parked: false }))
    })
  }

  #append(
    row: Row,
    type: string,
    data: Record<string, unknown>,
    by: string,
    command: string,
    correlation: string
  ): Row {
    const landed = this.moment()
    const next = { ...row, version: row.version + 1 }
    const at = landed.at
    const version = Version.make(next.version)
    const events = [{ id: uuid(3, landed.tick), type, schema: 1, at, by, command, correlation, data }]
    const id = CommitId.make(uuid(2, landed.tick))
    this.log.push({ commit: { id, stream: row.id, version, lastVersion: version, events, snapshot: null }, landed })
    const text = typeof data["text"] === "string" ? data["text"] : null
    this.events.set(row.id, [...this.events.get(row.id) ?? [], { version: next.version, type, at, text }])
    const changed = {
      ...next,
      text: text ?? row.text,
      created: type === "CommentPosted" ? at : row.created,
      edited: type === "CommentEdited" ? at : row.edited,
      isDeleted: type === "CommentDeleted"
    }
    this.rows.set(row.id, changed)
    return changed
  }

  #command(request: Exchange["request"], client: string, scopes: ReadonlyArray<string>, id: string): ReceivedAnswer {
    const { headers, method, path } = request
    const [, , target = ""] = path.split("/")
    const text = JSON.stringify(request.body ?? {}).includes("\"text\"")
      ? JSON.parse(JSON.stringify(request.body)).text
      : ""
    const key = headers["idempotency-key"]
    const name = key === undefined ? null : `${client} ${method === "POST" ? "" : target} ${key}`
    const payload = `${method} ${path} ${text}`
    const before = name === null ? undefined : this.#done.get(name)
    const decided = this.#decide(before, payload, {
      method,
      target,
      text,
      client,
      scopes,
      id,
      condition: headers["if-match"]
    })
    if (name !== null && before === undefined && decided.isAccepted) {
      this.#done.set(name, { payload, answer: decided.answer })
    }
    if (headers["prefer"] !== "respond-async") return decided.answer
    const { answer, command } = decided
    const done = answer.status < 300
    const result = { comment: answer.body ?? null, consistencyToken: answer.headers["consistency-token"] }
    const told = done
      ? { id: command, status: "done", result }
      : { id: command, status: "rejected", problem: answer.body }
    this.statuses.set(command, { owner: client, body: told, headers: answer.headers })
    return { status: 202, headers: { location: `/commands/${command}` }, body: { id: command, status: "pending" } }
  }

  #decide(
    before: Done | undefined,
    payload: string,
    asked: {
      method: string
      target: string
      text: string
      client: string
      scopes: ReadonlyArray<string>
      id: string
      condition: string | undefined
    }
  ): { answer: ReceivedAnswer; isAccepted: boolean; command: string } {
    const { client, condition, id, method, scopes, target, text } = asked
    const command = uuid(method === "POST" ? 1 : 4, this.#ticks)
    const told = (answer: ReceivedAnswer, isAccepted = false) => ({ answer, isAccepted, command })
    if (before !== undefined) {
      if (before.payload !== payload) return told(problem(422, "idempotency-key-reused"))
      const row = this.rows.get(method === "POST" ? before.answer.headers["location"]?.slice(10) ?? "" : target)
      const headers = {
        ...before.answer.headers,
        ...row === undefined ? {} : tokenOf(row),
        "idempotency-replayed": "true"
      }
      return told({ ...before.answer, headers })
    }
    if (method === "POST") {
      const stream = CommentId.make(command)
      const none: Row = {
        id: stream,
        picture: target,
        author: client,
        text,
        version: 0,
        created: 0,
        edited: null,
        isDeleted: false
      }
      const data = { pictureId: target, authorId: client, text }
      const row = this.#append(none, "CommentPosted", data, client, command, id)
      const headers = { etag: `"1"`, location: `/comments/${row.id}`, ...tokenOf(row) }
      return told({ status: 201, headers, body: json(row) }, true)
    }
    const row = this.rows.get(target)
    if (row === undefined) return told(problem(404, "comment-not-found"))
    const gone: ReceivedAnswer = { status: 204, headers: tokenOf(row), body: undefined }
    if (row.isDeleted) return told(method === "DELETE" ? gone : problem(410, "comment-deleted", tokenOf(row)))
    const isOwn = row.author === client
    if (!isOwn && !(method === "DELETE" && scopes.includes("comments:moderate"))) {
      return told(problem(403, "not-the-author"))
    }
    if (condition !== undefined && condition !== `"${row.version}"`) {
      return told(problem(412, "version-mismatch", tokenOf(row)))
    }
    if (method === "DELETE") {
      const data = { by: isOwn ? "author" : "moderator" }
      const deleted = this.#append(row, "CommentDeleted", data, client, command, id)
      return told({ ...gone, headers: tokenOf(deleted) }, true)
    }
    const isSame = row.text === text
    const edited = isSame ? row : this.#append(row, "CommentEdited", { text }, client, command, id)
    const headers = { etag: `"${edited.version}"`, ...tokenOf(edited) }
    return told({ status: 200, headers, body: json(edited) }, !isSame)
  }

  /** All that happened, once all of it is projected. */
  history(): History {
    this.project()
    return {
      exchanges: this.exchanges,
      log: this.log,
      positions: this.positions,
      rows: finalRows(this),
      rowsAfterRedrive: null,
      poisoned: new Map(),
      foreign: new Set(),
      cached: [],
      held: { fibers: 0 }
    }
  }
}
