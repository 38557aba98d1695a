import * as Data from "effect/Data"
import type { AuthorId, PictureId } from "../domain/ids.ts"

/** A list of comments that can be walked page by page. */
export type CommentList = Data.TaggedEnum<{
  OfPicture: { readonly picture: PictureId }
  OfAuthor: { readonly author: AuthorId }
}>
export const CommentList = Data.taggedEnum<CommentList>()

/** Which comments come first. Comments of the same millisecond are ordered by their ids. */
export type PageOrder = "newest" | "oldest"
