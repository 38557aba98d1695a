import { Option, Schema } from "effect"
import { CommentEvent } from "../../../src/domain/CommentEvent.ts"
import { CommentText } from "../../../src/domain/CommentText.ts"
import { AuthorId, type CommentId, type PictureId } from "../../../src/domain/ids.ts"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import { authors, pictures, popular } from "../clients/People.ts"
import type { SimulatedDynamo } from "../engines/dynamo/SimulatedDynamo.ts"
import type { Poisoned } from "../history/History.ts"
import type { Chance } from "../kernel/Chance.ts"
import type { Journal } from "../kernel/Journal.ts"
import { editedTo, freshStream, type Place, plain, spoiled } from "./planting.ts"

const decodeEvent = Schema.decodeUnknownOption(
  Schema.Struct({ type: Schema.String, at: Schema.Int, by: AuthorId })
)

/** Puts things into the log past the store, as an operator's hand or another version of the program would. */
export class Poison {
  /** Where the first event of each stream is that can't be projected, and since when. */
  readonly poisoned = new Map<CommentId, Poisoned>()
  /** What is right, though no client asked for it. */
  readonly foreign = new Set<EncodedCommit["id"]>()
  readonly #dynamo: SimulatedDynamo
  readonly #journal: Journal
  /** The good commits for the places of the others. */
  readonly #mended: Array<EncodedCommit> = []
  /** Those in whose places nothing can be good. */
  readonly #misplaced: Array<EncodedCommit> = []

  constructor(dynamo: SimulatedDynamo, journal: Journal) {
    this.#dynamo = dynamo
    this.#journal = journal
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
    if (chance.happens(0.3)) {
      for (const commit of [...commits.slice(0, 1), this.#deletion(chance, { stream, version: 2, at, by })]) {
        this.#plantGood(commit)
      }
      return this.#misplace(plain(chance, { stream, version: 3, at, by }, editedTo("edited, once deleted")))
    }
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

  /** Something that goes on with a comment that its client has deleted. */
  plantAfterDeletion(chance: Chance): void {
    const last = this.#lastCommit(chance, (type) => type === "CommentDeleted")
    if (last !== undefined) this.#misplace(this.#next(chance, last, "edited, once deleted"))
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
    for (const commit of this.#misplaced) this.#dynamo.unplant(commit)
    // Nobody hears any more of what is no longer there.
    this.#dynamo.streams.events.lose(new Set(this.#misplaced.map(({ id }) => id)))
    this.#misplaced.length = 0
  }

  #plantGood(commit: EncodedCommit): void {
    this.foreign.add(commit.id)
    this.#dynamo.plant(commit)
  }

  #now(): number {
    return Math.floor(this.#journal.now())
  }

  // Before it is there: what is answered up to now can't be because of it.
  #note({ stream, version }: EncodedCommit): void {
    this.poisoned.set(stream, { version, planted: this.#journal.moment() })
  }

  #poison(chance: Chance, good: ReturnType<typeof plain>): void {
    this.#note(good)
    this.#mended.push(good)
    this.#dynamo.plant(spoiled(chance, good))
  }

  #misplace(commit: EncodedCommit): void {
    this.#note(commit)
    this.#misplaced.push(commit)
    this.#dynamo.plant(commit)
  }

  #deletion(chance: Chance, place: Place) {
    return plain(chance, place, CommentEvent.cases.CommentDeleted.make({ by: "author" }))
  }

  #next(chance: Chance, last: EncodedCommit, text: string) {
    const event = Option.getOrThrow(decodeEvent(last.events.at(-1)))
    const at = Math.max(this.#now(), event.at)
    return plain(chance, { stream: last.stream, version: last.lastVersion + 1, at, by: event.by }, editedTo(text))
  }

  #livingStream(chance: Chance): EncodedCommit | undefined {
    return this.#lastCommit(chance, (type) => type !== "CommentDeleted")
  }

  // The last commit of a comment that clients know, of those that ended so.
  #lastCommit(chance: Chance, isWanted: (type: string) => boolean): EncodedCommit | undefined {
    const last = new Map<CommentId, EncodedCommit>()
    for (const { commit } of this.#dynamo.log) {
      const known = last.get(commit.stream)
      if (known === undefined || known.version < commit.version) last.set(commit.stream, commit)
    }
    const [first, ...others] = Array.from(last.values()).filter((commit) => {
      const event = Option.getOrUndefined(decodeEvent(commit.events.at(-1)))
      return event !== undefined && isWanted(event.type) && !this.poisoned.has(commit.stream)
    })
    return first === undefined ? undefined : chance.pick([first, ...others])
  }
}
