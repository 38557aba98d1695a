import type { Draft } from "./BenchClient.ts"

/** A comment's text of the length that is usual, 58 characters, different for each number. */
export const usualText = (number: number): string =>
  `What a light! Was this one taken with a filter? ${String(number).padStart(10, "0")}`

/** How many people post. */
export const authors: ReadonlyArray<string> = Array.from({ length: 16 }, (_, index) => `author-${index}`)

/** An author for each number, in turn. */
export const authorOf = (number: number): string => authors[number % authors.length] ?? "author-0"

/** So many comments on a picture, by different people. */
export const draftsFor = (picture: string, count: number): ReadonlyArray<Draft> =>
  Array.from({ length: count }, (_, number) => ({ picture, author: authorOf(number), text: usualText(number) }))
