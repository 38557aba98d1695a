import { Option, Schema } from "effect"
import { CommentEvent } from "../../../src/domain/CommentEvent.ts"
import { CommentText } from "../../../src/domain/CommentText.ts"
import { AuthorId, CommentId, type PictureId } from "../../../src/domain/ids.ts"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import { authors, pictures, popular } from "../clients/People.ts"
import type { SimulatedDynamo } from "../engines/dynamo/SimulatedDynamo.ts"
import type { Chance } from "../kernel/Chance.ts"
import { editedTo, freshStream, plain, spoiled } from "./planting.ts"

const decodeEvent = Schema.decodeUnknownOption(
  Schema.Struct({ type: Schema.String, at: Schema.Int, by: AuthorId })
)

/** Puts things into the log past the store, as an operator's hand or another version of the program would. */
export class Poison {
  /** Where the first event of each stream is that can't be projected. */
  readonly poisoned = new Map<CommentId, number>()
  /** What is right, though no client asked for it. */
  readonly foreign = new Set<EncodedCommit["id"]>()
  readonly #dynamo: SimulatedDynamo
  readonly #now: () => number
  /** The good commits for the places of the others. */
  readonly #mended: Array<EncodedCommit> = []

  constructor(dynamo: SimulatedDynamo, now: () => number) {
    this.#dynamo = dynamo
    this.#now = now
  }

  /** A comment that begins with something that can't be projected, or goes on with it, and then goes on as if nothing were. */
  plantStream(chance: Chance): void {
    const stream = freshStream(chance)
    const { id: by } = popular(chance, authors)
    const at = this.#now()
    const picture: PictureId = popular(chance, pictures)
    const text = CommentText.make("planted")
    const commits = [
      plain(
        chance,
        { stream, version: 1, at, by },
        CommentEvent.cases.CommentPosted.make({ pictureId: picture, authorId: by, text })
      ),
      plain(chance, { stream, version: 2, at, by }, editedTo("planted, then edited")),
      plain(chance, { stream, version: 3, at, by }, editedTo("planted, then edited again"))
    ]
    const bad = chance.integer(0, 2)
    for (const [index, commit] of commits.entries()) {
      if (index === bad) this.#poison(chance, commit)
      else this.#plantGood(commit)
    }
  }

  /** Something that can't be projected where a stream's next commit would be. */
  plantInLivingStream(chance: Chance): void {
    const last = this.#livingStream(chance)
    if (last !== undefined) this.#poison(chance, this.#next(chance, last, "mended"))
  }

  /** A commit of another version of the program, with a snapshot that this one must not believe. */
  plantForeign(chance: Chance): void {
    const last = this.#livingStream(chance)
    if (last === undefined) return
    const commit = this.#next(chance, last, "from another version")
    const snapshot = typeof last.snapshot === "object" ? last.snapshot : {}
    this.#plantGood({ ...commit, snapshot: { ...snapshot, schema: 2, text: "what nobody wrote" } })
  }

  /** Puts good commits in the places of those that can't be projected. */
  mend(): void {
    for (const commit of this.#mended) this.#plantGood(commit)
    this.#mended.length = 0
  }

  #plantGood(commit: EncodedCommit): void {
    this.foreign.add(commit.id)
    this.#dynamo.plant(commit)
  }

  #poison(chance: Chance, good: ReturnType<typeof plain>): void {
    this.poisoned.set(good.stream, good.version)
    this.#mended.push(good)
    this.#dynamo.plant(spoiled(chance, good))
  }

  #next(chance: Chance, last: EncodedCommit, text: string) {
    const event = Option.getOrThrow(decodeEvent(last.events.at(-1)))
    const at = Math.max(this.#now(), event.at)
    return plain(chance, { stream: last.stream, version: last.lastVersion + 1, at, by: event.by }, editedTo(text))
  }

  // The last commit of a comment that clients know and that hasn't been deleted.
  #livingStream(chance: Chance): EncodedCommit | undefined {
    const last = new Map<CommentId, EncodedCommit>()
    for (const { commit } of this.#dynamo.log) {
      const known = last.get(commit.stream)
      if (known === undefined || known.version < commit.version) last.set(commit.stream, commit)
    }
    const living = Array.from(last.values()).filter((commit) => {
      const event = Option.getOrUndefined(decodeEvent(commit.events.at(-1)))
      return event !== undefined && event.type !== "CommentDeleted" && !this.poisoned.has(commit.stream)
    })
    const [first, ...others] = living
    return first === undefined ? undefined : chance.pick([first, ...others])
  }
}
