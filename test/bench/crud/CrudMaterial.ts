import { Schema } from "effect"

/** What a side's requests are made of. */
export const CrudMaterial = Schema.Struct({
  /** Of the authors, in turn. */
  tokens: Schema.Array(Schema.String),
  /** Comments that the authors may edit, in turn. */
  ids: Schema.Array(Schema.String),
  /** The index of the port that commands go to; queries go to the first. */
  commands: Schema.Literals([0, 1]),
  /** How many pictures the site has, and how many comments. */
  pictures: Schema.Int,
  comments: Schema.Int
})
export type CrudMaterial = typeof CrudMaterial.Type
