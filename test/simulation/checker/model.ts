import type { CommentId } from "../../../src/domain/ids.ts"

/** What happened to a comment, as the log has it. */
export interface Happened {
  readonly version: number
  readonly type: "CommentPosted" | "CommentEdited" | "CommentDeleted"
  readonly at: number
  readonly by: string
  /** Which command did it: only whether two are the same matters. */
  readonly command: string
  readonly correlation: string
  readonly picture: string | null
  /** Whose comment was posted; null for what isn't a post. */
  readonly author: string | null
  readonly text: string | null
  readonly deletedAs: string | null
}

/** A comment at some version; version 0 is one that never was. */
export interface Comment {
  readonly id: CommentId
  readonly version: number
  readonly picture: string
  readonly author: string
  /** Null once it is deleted, and before it is posted. */
  readonly text: string | null
  readonly created: number
  readonly edited: number | null
  readonly deleted: number | null
}

export const nothingYet = (id: CommentId): Comment => ({
  id,
  version: 0,
  picture: "",
  author: "",
  text: null,
  created: 0,
  edited: null,
  deleted: null
})

/** Whether a comment can be seen. */
export const isVisible = (comment: Comment): boolean => comment.version > 0 && comment.deleted === null

/** The comment after an event; null where that event can't follow. */
export const after = (comment: Comment, { at, author, picture, text, type, version }: Happened): Comment | null => {
  if (version !== comment.version + 1 || (type === "CommentPosted") !== (comment.version === 0)) return null
  if (comment.deleted !== null) return null
  switch (type) {
    case "CommentPosted":
      return { ...comment, version, picture: picture ?? "", author: author ?? "", text, created: at }
    case "CommentEdited":
      return { ...comment, version, text, edited: at }
    case "CommentDeleted":
      return { ...comment, version, text: null, deleted: at }
  }
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString()

const bodyOf = ({ author, created, edited, id, picture, text, version }: Comment) => ({
  id,
  pictureId: picture,
  authorId: author,
  text,
  version,
  createdAt: iso(created),
  editedAt: edited === null ? null : iso(edited)
})

/** A comment's body as the contract has it. */
export type Shown = ReturnType<typeof bodyOf>

const bodies = new WeakMap<Comment, Shown>()

/** The comment as the contract shows it. It is made once, for many answers are compared with it. */
export const shown = (comment: Comment): Shown => {
  const known = bodies.get(comment)
  if (known !== undefined) return known
  const body = bodyOf(comment)
  bodies.set(comment, body)
  return body
}

/** An event as a comment's history shows it. */
export const shownEvent = ({ at, text, type, version }: Happened) =>
  text === null ? { version, type, at: iso(at) } : { version, type, at: iso(at), text }
