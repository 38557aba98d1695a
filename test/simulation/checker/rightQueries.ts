import type { ReceivedAnswer } from "../history/History.ts"
import { iso, json, problem, type RightState, type Row } from "./rightRows.ts"

interface Asking {
  readonly path: string
  readonly client: string
  readonly scopes: ReadonlyArray<string>
  readonly headers: Readonly<Record<string, string>>
}

const pageOf = (rows: ReadonlyArray<Row>, parameters: URLSearchParams): unknown => {
  const limit = Number(parameters.get("limit") ?? 20)
  const sign = parameters.get("order") === "oldest" ? 1 : -1
  const places = rows.map((row) => ({ row, place: `${iso(row.created)} ${row.id}` }))
    .toSorted((one, other) => one.place < other.place ? -sign : sign)
  const cursor = parameters.get("cursor")
  const rest = cursor === null ? places : places.filter(({ place }) => sign > 0 ? place > cursor : place < cursor)
  const items = rest.slice(0, limit)
  return {
    items: items.map(({ row }) => json(row)),
    nextCursor: rest.length > limit ? items.at(-1)?.place ?? null : null,
    count: rows.length
  }
}

/** The answer of a right service to a query. */
export const answerQuery = (state: RightState, { client, headers, path, scopes }: Asking): ReceivedAnswer => {
  const url = new URL(path, "http://service")
  const [, first, name = "", last] = url.pathname.split("/")
  const visible = Array.from(state.seen.values()).filter(({ isDeleted }) => !isDeleted)
  const told = (body: unknown, etag = `"${JSON.stringify(body)}"`): ReceivedAnswer =>
    headers["if-none-match"] === etag
      ? { status: 304, headers: { etag }, body: undefined }
      : { status: 200, headers: { etag }, body }
  if (first === "commands") {
    const status = state.statuses.get(name)
    return status?.owner === client
      ? { status: 200, headers: status.headers, body: status.body }
      : problem(404, "command-not-found")
  }
  const count = (picture: string) => ({
    pictureId: picture,
    count: visible.filter((row) => row.picture === picture).length
  })
  if (first === "comment-counts") return told({ items: url.searchParams.getAll("pictureId").map(count) })
  if (url.pathname.endsWith("/count")) return told(count(name))
  if (first !== "comments") {
    const rows = visible.filter(({ author, picture }) => name === (first === "pictures" ? picture : author))
    return told(pageOf(rows, url.searchParams))
  }
  const row = state.seen.get(name)
  if (row === undefined) return problem(404, "comment-not-found")
  if (last === undefined) return row.isDeleted ? problem(410, "comment-deleted") : told(json(row), `"${row.version}"`)
  if (row.author !== client && !scopes.includes("comments:moderate")) return problem(403, "not-the-author")
  const events = (state.events.get(name) ?? []).filter(({ version }) => version <= row.version)
  return told({
    items: events.map(({ at, text, type, version }) =>
      text === null ? { version, type, at: iso(at) } : { version, type, at: iso(at), text }
    )
  })
}
