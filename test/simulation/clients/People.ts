import { moderateScope, writeScope } from "../../../src/api/Authentication.ts"
import { AuthorId, PictureId } from "../../../src/domain/ids.ts"
import type { Chance } from "../kernel/Chance.ts"

/** Somebody with a token. */
export interface Person {
  readonly id: AuthorId
  readonly scopes: ReadonlyArray<string>
}

const author = (n: number): Person => ({ id: AuthorId.make(`author-${n}`), scopes: [writeScope] })

/** Those who write, the busiest first. */
export const authors: readonly [Person, ...ReadonlyArray<Person>] = [
  author(1),
  author(2),
  author(3),
  author(4),
  author(5)
]

/** May delete what others wrote, and read its history. */
export const moderator: Person = { id: AuthorId.make("moderator"), scopes: [writeScope, moderateScope] }

/** The pictures, the most popular first. */
export const pictures: readonly [PictureId, ...ReadonlyArray<PictureId>] = [
  PictureId.make("sunset-42"),
  PictureId.make("harbour-7"),
  PictureId.make("a:b.c_d"),
  PictureId.make("empty")
]

/** Each comes about half as often as the one before. */
export const popular = <A>(chance: Chance, [first, ...rest]: readonly [A, ...ReadonlyArray<A>]): A => {
  for (const [index, value] of rest.toReversed().entries()) {
    if (chance.happens(0.5 ** (rest.length - index) * (rest.length > 1 ? 1 : 0.5))) return value
  }
  return first
}
