import { AuthorId, type CommentId, PictureId } from "../../../src/domain/ids.ts"
import type { FinalRows, ReceivedAnswer } from "../history/History.ts"

/** A comment as a right service knows it. */
export interface Row {
  readonly id: CommentId
  readonly picture: string
  readonly author: string
  readonly text: string
  readonly version: number
  readonly created: number
  readonly edited: number | null
  readonly isDeleted: boolean
}

export interface RightEvent {
  readonly version: number
  readonly type: string
  readonly at: number
  readonly text: string | null
}

export interface RightStatus {
  readonly owner: string
  readonly payload: string
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

/** What a right service knows that queries ask for. */
export interface RightState {
  readonly seen: ReadonlyMap<string, Row>
  readonly events: ReadonlyMap<string, ReadonlyArray<RightEvent>>
  readonly statuses: ReadonlyMap<string, RightStatus>
  /** The streams that something is in that can't be projected. */
  readonly parked: ReadonlySet<string>
}

export const tokenOf = ({ id, version }: { readonly id: string; readonly version: number }): Record<string, string> => {
  const bytes = Buffer.alloc(29)
  bytes.writeUInt8(1)
  bytes.write(id.replaceAll("-", ""), 1, "hex")
  bytes.writeUInt32BE(version, 17)
  return { "consistency-token": bytes.toString("base64url") }
}

export const problem = (status: number, name: string, headers: Record<string, string> = {}): ReceivedAnswer => ({
  status,
  headers,
  body: { type: `/problems/${name}`, title: name, status, detail: name }
})
export const iso = (at: number): string => new Date(at).toISOString()
export const json = ({ author, created, edited, id, picture, text, version }: Row) => ({
  id,
  pictureId: picture,
  authorId: author,
  text,
  version,
  createdAt: iso(created),
  editedAt: edited === null ? null : iso(edited)
})

/** The rows that the read model has. */
export const finalRows = ({ events, parked, seen }: RightState): FinalRows => {
  const rows = Array.from(seen.values())
  const last = (id: string) => events.get(id)?.at(-1)?.at ?? 0
  const counts = <Name extends string>(nameOf: (row: Row) => Name): ReadonlyMap<Name, number> =>
    new Map(
      Array.from(Map.groupBy(rows, nameOf), ([name, all]) => [name, all.filter(({ isDeleted }) => !isDeleted).length])
    )
  return {
    comments: rows.map(({ author, isDeleted, picture, text, ...row }) => ({
      ...row,
      picture: PictureId.make(picture),
      author: AuthorId.make(author),
      text: isDeleted ? null : text,
      deleted: isDeleted ? last(row.id) : null
    })),
    history: rows.flatMap(({ id }) => (events.get(id) ?? []).map((event) => ({ id, ...event }))),
    positions: rows.map(({ id, version }) => ({ stream: id, version, parked: parked.has(id) })),
    pictures: counts(({ picture }) => PictureId.make(picture)),
    authors: counts(({ author }) => AuthorId.make(author))
  }
}
