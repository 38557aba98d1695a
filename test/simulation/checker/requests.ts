import { Predicate, Schema } from "effect"
import { CommentId } from "../../../src/domain/ids.ts"
import type { Exchange } from "../history/History.ts"
import { storedText } from "./texts.ts"

/** `If-Match`: nothing asked, any version, one of some, or nothing that can be read. */
export type Condition = null | "any" | "malformed" | ReadonlySet<number>

/** What a client asked to be done. */
export interface Command {
  readonly _tag: "Command"
  readonly exchange: Exchange
  readonly kind: "post" | "edit" | "delete"
  readonly isModerator: boolean
  readonly mayWrite: boolean
  readonly key: string | null
  /** The picture of a post, "" for all else. */
  readonly picture: string
  /** The comment; null for a post. */
  readonly target: CommentId | null
  /** In its stored form; null where the contract doesn't take it. A deletion has none: "". */
  readonly text: string | null
  readonly condition: Condition
  readonly isAsync: boolean
}

/** What came of an accepted command. */
export interface StatusQuery {
  readonly _tag: "StatusQuery"
  readonly exchange: Exchange
  readonly command: string
}

/** A query: what is asked is its path. */
export interface Query {
  readonly _tag: "Query"
  readonly exchange: Exchange
  readonly path: ReadonlyArray<string>
  readonly parameters: URLSearchParams
}

export type Asked = Command | StatusQuery | Query

const isCommentId = Schema.is(CommentId)
const listed = /^[ \t,]*(?:(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*(?:,[ \t,]*|$))*$/

const conditionIn = (header: string | undefined): Condition => {
  if (header === undefined) return null
  if (header.trim() === "*") return "any"
  if (!listed.test(header)) return "malformed"
  const strong = [...header.matchAll(/(W\/)?"([^"]*)"/g)].filter(([, weak]) => weak === undefined)
  return new Set(strong.map(([, , tag]) => tag ?? "").filter((tag) => /^[1-9]\d*$/.test(tag)).map(Number))
}

const prefersAsync = (header: string | undefined): boolean =>
  header !== undefined && header.split(",").some((one) => one.trim().toLowerCase().split(";")[0] === "respond-async")

const textIn = (body: unknown): string | null => Predicate.hasProperty(body, "text") ? storedText(body.text) : null

const unescaped = (segment: string): string => segment.includes("%") ? decodeURIComponent(segment) : segment

const segmentsOf = (path: string): ReadonlyArray<string> => path.split("/").slice(1).map(unescaped)

const commandIn = (exchange: Exchange, path: ReadonlyArray<string>): Command | null => {
  const { request: { body, headers, method }, scopes } = exchange
  const isPost = method === "POST" && path.length === 3 && path[0] === "pictures" && path[2] === "comments"
  const target = path[1]?.toLowerCase()
  const isChange = (method === "PATCH" || method === "DELETE") && path.length === 2 && path[0] === "comments"
  if (!isPost && (!isChange || !isCommentId(target))) return null
  return {
    _tag: "Command",
    exchange,
    kind: method === "POST" ? "post" : method === "PATCH" ? "edit" : "delete",
    isModerator: scopes.includes("comments:moderate"),
    mayWrite: scopes.includes("comments:write"),
    key: headers["idempotency-key"] ?? null,
    picture: isPost ? path[1] ?? "" : "",
    target: isChange && isCommentId(target) ? target : null,
    text: method === "DELETE" ? "" : textIn(body),
    condition: conditionIn(headers["if-match"]),
    isAsync: prefersAsync(headers["prefer"])
  }
}

/** What an exchange asked for; null for what no route of the contract takes. */
export const askedIn = (exchange: Exchange): Asked | null => {
  const { method, path } = exchange.request
  const end = path.indexOf("?")
  const segments = segmentsOf(end < 0 ? path : path.slice(0, end))
  if (method !== "GET") return commandIn(exchange, segments)
  const [first, second] = segments
  if (first === "commands" && second !== undefined && segments.length === 2) {
    return { _tag: "StatusQuery", exchange, command: second.toLowerCase() }
  }
  return { _tag: "Query", exchange, path: segments, parameters: new URLSearchParams(end < 0 ? "" : path.slice(end)) }
}

/** What one command asks for beside its key: two requests with one key must agree in it. */
export const payloadOf = ({ kind, picture, target, text }: Command): string =>
  `${kind} ${target ?? picture} ${text ?? ""}`

/** What is one command however often it is sent: all requests of an author with one key for one target, else one request. */
export const familyOf = ({ exchange, key, kind, target }: Command): string =>
  key === null
    ? `request ${exchange.number}`
    : `${kind === "post" ? "posts" : target ?? ""} ${key} of ${exchange.client}`
