import { Schema } from "effect"
import { AuthorId, CommentId, PictureId } from "../../../src/domain/ids.ts"
import type { ReceivedAnswer } from "../../simulation/history/History.ts"
import { Chance } from "../../simulation/kernel/Chance.ts"

/** A comment that a client has been told of, as it was when it last heard of it. */
export interface KnownComment {
  readonly id: CommentId
  readonly picture: PictureId
  readonly author: AuthorId
  text: string
  etag: string
  /** Of the last command that was answered. */
  token: string
}

const CommentBody = Schema.Struct({
  id: CommentId,
  pictureId: PictureId,
  authorId: AuthorId,
  text: Schema.String,
  version: Schema.Int
})

/** The comment that an answer brought, if it brought one. */
export const commentIn = Schema.decodeUnknownOption(CommentBody)

/** What the clients of a scenario know: its people, its pictures, and the comments that they were told of. */
export class Known {
  readonly authors: readonly [AuthorId, ...ReadonlyArray<AuthorId>]
  readonly pictures: readonly [PictureId, ...ReadonlyArray<PictureId>]
  readonly moderator: AuthorId
  readonly reader: AuthorId
  readonly chance: Chance
  readonly #comments = new Map<CommentId, KnownComment>()
  #texts = 0

  constructor(scenario: string) {
    const author = (name: string) => AuthorId.make(`${scenario}|${name}`)
    const picture = (number: number) => PictureId.make(`${scenario}:${number}`)
    this.chance = new Chance(scenario)
    this.authors = [author("ana"), author("bruno"), author("chandra"), author("dilek"), author("emil"), author("fatou")]
    this.moderator = author("moderator")
    this.reader = author("reader")
    this.pictures = [picture(1), picture(2), picture(3), picture(4), picture(5), picture(6)]
  }

  /** A text that nobody has written in this scenario. */
  newText(): string {
    return `A thought, the ${++this.#texts}th of them: wie schön – とても綺麗 👌🏽`
  }

  somebody(): AuthorId {
    return this.chance.pick(this.authors)
  }

  somePicture(): PictureId {
    return this.chance.pick(this.pictures)
  }

  /** One of the newest. */
  someComment(): KnownComment | undefined {
    const [first, ...others] = Array.from(this.#comments.values()).slice(-40)
    return first === undefined ? undefined : this.chance.pick([first, ...others])
  }

  /** Takes in what a command was answered. */
  learn(answer: ReceivedAnswer): void {
    const comment = commentIn(answer.body)
    if (comment._tag === "None") return
    const { authorId: author, id, pictureId: picture, text, version } = comment.value
    this.#comments.set(id, {
      id,
      author,
      picture,
      text,
      etag: `"${version}"`,
      token: answer.headers["consistency-token"] ?? this.#comments.get(id)?.token ?? ""
    })
  }

  forget(id: CommentId): void {
    this.#comments.delete(id)
  }
}
