import type { Actor } from "./CommentCommand.ts"
import type { AuthorId } from "./ids.ts"

/** All that must be known of a comment to tell who may do what with it: whether it is deleted changes nothing of that. */
interface Authored {
  readonly authorId: AuthorId
}

const isOwn = (actor: Actor, { authorId }: Authored): boolean => actor.id === authorId

/** A comment's text is its author's alone: a moderator takes it away, but puts no words into anybody's mouth. */
export const mayEdit = (actor: Actor, comment: Authored): boolean => isOwn(actor, comment)

/** Whose act it is that somebody deletes a comment; undefined for whoever may not. An author who moderates acts as author. */
export const deletesAs = (actor: Actor, comment: Authored): "author" | "moderator" | undefined => {
  if (isOwn(actor, comment)) return "author"
  return actor.moderator ? "moderator" : undefined
}

/** What a comment said before is for its author and for moderators, also once it is deleted: it may be why it was. */
export const mayReadHistory = (actor: Actor, comment: Authored): boolean => isOwn(actor, comment) || actor.moderator

/** What came of a command is for whoever sent it, and for no moderator: it has what they wrote, be it refused. */
export const mayReadOutcome = (actor: Actor, command: { readonly actor: Actor }): boolean =>
  actor.id === command.actor.id
