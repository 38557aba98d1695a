import type { PageOrder } from "../../../src/queries/CommentList.ts"

/** Pictures whose pages are read cold, and how many comments each has. */
export const coldPictures = 200
export const commentsPerColdPicture = 20

/** Each limit from 20 to 100 shows all of a picture's comments, and each is a page of its own. */
const limits = 81
const orders: ReadonlyArray<PageOrder> = ["newest", "oldest"]

export const coldPictureName = (index: number): string => `cold-${index}`

/**
 * Goes through all pictures before it comes back to one with another limit, and through all limits before another order:
 * a page comes again after 32,400 others, 161 of the same picture.
 */
export const coldPathOf = (number: number): string => {
  const variant = Math.floor(number / coldPictures) % (limits * orders.length)
  const order = orders[Math.floor(variant / limits)] ?? "newest"
  return `/pictures/${coldPictureName(number % coldPictures)}/comments?order=${order}&limit=${
    commentsPerColdPicture + (variant % limits)
  }`
}
