import { AuthorId, CommentId, CommitId, Version } from "../../../src/domain/ids.ts"
import type { Exchange, History, LoggedCommit, Poisoned, PositionsReached, ReceivedAnswer } from "../history/History.ts"
import type { Moment } from "../kernel/Journal.ts"
import {
  accepted,
  answerCommand,
  type AskedCommand,
  type Done,
  nameOf,
  outcomeUnknown,
  type RightLog
} from "./rightCommands.ts"
import { answerQuery } from "./rightQueries.ts"
import {
  finalRows,
  problem,
  type RightEvent,
  type RightState,
  type RightStatus,
  type Row,
  tokenOf
} from "./rightRows.ts"
import { allReflectedBy } from "./tokens.ts"

/** What a test sends; all that is left out is as most clients have it. */
export interface Sending {
  readonly client: string
  readonly scopes?: ReadonlyArray<string>
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: { readonly text: string }
}

const uuid = (kind: number, number: number): string =>
  `00000000-0000-7000-800${kind}-${number.toString(16).padStart(12, "0")}`
const start = Date.UTC(2026, 0, 1)
const millisOfTick = 10
const longestWaitTicks = 2000 / millisOfTick

/** The contract, as simple as can be: everything at once, one after the other, in memory. What it leaves is a right history. */
export class RightService implements RightState, RightLog {
  readonly exchanges: Array<Exchange> = []
  readonly log: Array<LoggedCommit> = []
  readonly positions: Array<PositionsReached> = []
  readonly rows = new Map<string, Row>()
  readonly seen = new Map<string, Row>()
  readonly events = new Map<string, ReadonlyArray<RightEvent>>()
  readonly done = new Map<string, Done>()
  readonly statuses = new Map<string, RightStatus>()
  readonly parked = new Set<string>()
  readonly #planted = new Map<CommentId, Poisoned>()
  readonly #foreign = new Set<CommitId>()
  readonly #commands = new Map<string, string>()
  #ticks = 0

  moment(): Moment {
    this.#ticks++
    return { tick: this.#ticks, at: start + this.#ticks * millisOfTick }
  }

  send(sending: Sending): ReceivedAnswer {
    return this.#exchange(sending, (id) => sending.method === "GET" ? this.#query(sending) : this.#command(sending, id))
  }

  /** Sends a command of which nobody can tell what came of it. It is done when what this gives is called. */
  sendLate(sending: Sending): () => void {
    const id = `request-${this.exchanges.length}`
    this.#exchange(sending, () => outcomeUnknown)
    return () => void this.#command(sending, id)
  }

  /** Another version of the program edits a comment. */
  plant(id: string, text: string): void {
    const row = this.rows.get(id)
    if (row === undefined || row.isDeleted || this.parked.has(id)) return
    this.#plant(row, text)
  }

  /** What can't be read gets into the log after a comment's last event. Gives the token of whoever wrote it. */
  poison(id: string): ReadonlyArray<string> {
    const row = this.rows.get(id)
    if (row === undefined || row.isDeleted || this.parked.has(id)) return []
    this.project()
    this.parked.add(row.id)
    this.#planted.set(CommentId.make(row.id), { version: row.version + 1, planted: this.moment() })
    this.positions.push({ moment: this.moment(), positions: [{ stream: row.id, version: row.version, parked: true }] })
    return Object.values(tokenOf({ ...row, version: row.version + 1 }))
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

  readonly append: RightLog["append"] = (row, type, data, { client: by, command, correlation }) => {
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

  #exchange(sending: Sending, answerTo: (id: string) => ReceivedAnswer): ReceivedAnswer {
    const { body, client, headers = {}, method, path, scopes = ["comments:write"] } = sending
    const sent = this.moment()
    const number = this.exchanges.length
    const id = `request-${number}`
    const given = answerTo(id)
    const answer = { ...given, headers: { ...given.headers, "x-request-id": id } }
    const request = { method, path, headers: { ...headers, "x-request-id": id }, body }
    this.exchanges.push({ number, client: AuthorId.make(client), scopes, request, sent, answer, ended: this.moment() })
    return answer
  }

  #plant(row: Row, text: string): void {
    const asked = { client: row.author, command: uuid(5, this.#ticks), correlation: "nobody-asked" }
    const nothing = { method: "PATCH", target: row.id, text, scopes: [], condition: undefined, key: undefined }
    this.append(row, "CommentEdited", { text }, { ...nothing, ...asked })
    const planted = this.log.at(-1)
    if (planted !== undefined) this.#foreign.add(planted.commit.id)
  }

  #query({ client, headers = {}, path, scopes = ["comments:write"] }: Sending): ReceivedAnswer {
    const asked = { path, client, scopes, headers }
    const missing = (allReflectedBy(headers["consistency-token"] ?? "") ?? []).filter(({ stream, version }) => {
      const row = this.rows.get(stream)
      return row !== undefined && path.split(/[/?]/).some((part) => [stream, row.author, row.picture].includes(part)) &&
        version > (this.seen.get(stream)?.version ?? 0)
    })
    if (missing.length === 0) return answerQuery(this, asked)
    if (missing.some(({ stream }) => this.parked.has(stream))) {
      return problem(503, "projection-parked", { "retry-after": "60" })
    }
    this.#ticks += longestWaitTicks
    return problem(503, "read-model-behind", { "retry-after": "1" })
  }

  #command(sending: Sending, correlation: string): ReceivedAnswer {
    const { body, client, headers = {}, method, path, scopes = ["comments:write"] } = sending
    const asked: Omit<AskedCommand, "command"> = {
      method,
      target: path.split("/")[2] ?? "",
      text: body?.text ?? "",
      client,
      scopes,
      condition: headers["if-match"],
      key: headers["idempotency-key"],
      correlation
    }
    const fresh = uuid(method === "POST" ? 1 : 4, this.#ticks)
    const name = nameOf({ ...asked, command: fresh })
    const command = name === null ? fresh : this.#commands.get(name) ?? fresh
    if (name !== null) this.#commands.set(name, command)
    const isLater = headers["prefer"] === "respond-async"
    const payload = `${method} ${path} ${asked.text}`
    const before = isLater ? this.statuses.get(command) : undefined
    if (before !== undefined && before.payload !== payload) return problem(422, "idempotency-key-reused")
    if (before !== undefined) return accepted(command, true)
    const answer = answerCommand(this, { ...asked, command })
    return isLater ? this.#later(client, command, payload, answer) : answer
  }

  #later(owner: string, id: string, payload: string, { body, headers, status }: ReceivedAnswer): ReceivedAnswer {
    const token = headers["consistency-token"]
    const told: Record<string, string> = token === undefined ? {} : { "consistency-token": token }
    this.statuses.set(id, {
      owner,
      payload,
      body: status < 300
        ? { id, status: "done", result: { comment: body ?? null, consistencyToken: token } }
        : status < 500
        ? { id, status: "rejected", problem: body }
        : { id, status: "failed", problem: problem(500, "internal-error").body },
      headers: told
    })
    return accepted(id, false)
  }

  /** All that happened, once all of it is projected; and what is then mended, if anything was poisoned. */
  history(): History {
    this.project()
    const rows = finalRows(this)
    const poisoned = new Map(this.#planted)
    this.parked.clear()
    this.#planted.clear()
    for (const id of poisoned.keys()) this.plant(id, "mended")
    this.project()
    return {
      exchanges: this.exchanges,
      log: this.log,
      positions: this.positions,
      rows,
      rowsAfterRedrive: poisoned.size === 0 ? null : finalRows(this),
      poisoned,
      foreign: this.#foreign,
      cached: [],
      held: { fibers: 0 }
    }
  }
}
