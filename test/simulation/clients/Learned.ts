import { Option, Schema } from "effect"
import { CommandStatus } from "../../../src/api/AsyncCommands.ts"
import type { ReceivedAnswer } from "../history/History.ts"
import type { Chance } from "../kernel/Chance.ts"
import type { Person } from "./People.ts"

/** A comment that somebody has seen in an answer. */
export interface KnownComment {
  readonly id: string
  readonly picture: string
  readonly author: string
  readonly text: string
  readonly version: number
}

const Body = Schema.Struct({
  id: Schema.String,
  pictureId: Schema.String,
  authorId: Schema.String,
  text: Schema.String,
  version: Schema.Int
})
const decodeComment = Schema.decodeUnknownOption(Body)
const decodeStatus = Schema.decodeUnknownOption(CommandStatus)

/** A token as a client has it that got it from another site: nothing here will ever reflect it. */
export const ofAnotherSite = (token: string): string => {
  const bytes = Buffer.from(token, "base64url")
  bytes.writeUInt32BE(bytes.readUInt32BE(17) + 1_000, 17)
  return bytes.toString("base64url")
}

/** What clients have learned from answers, for their next requests. */
export class Learned {
  /** By the number of the operation that learned of them first. */
  readonly #comments = new Map<number, KnownComment>()
  readonly #tokens: Array<{ readonly operation: number; readonly token: string }> = []
  readonly etags = new Map<string, string>()
  /** Where to ask what came of commands that were put off, and who may. */
  readonly putOff: Array<{ readonly path: string; readonly who: Person }> = []

  /** What a command's answer says, or that of a look at what came of it. */
  command(operation: number, answer: ReceivedAnswer): void {
    const status = Option.getOrUndefined(decodeStatus(answer.body))
    this.#comment(operation, status === undefined ? answer.body : status.result?.comment)
    const token = answer.headers["consistency-token"]
    if (token !== undefined) this.#tokens.push({ operation, token })
  }

  #comment(operation: number, body: unknown): void {
    const found = Option.getOrUndefined(decodeComment(body))
    if (found === undefined) return
    const { authorId, id, pictureId, text, version } = found
    const known = { id, picture: pictureId, author: authorId, text, version }
    for (const [number, comment] of this.#comments) {
      if (comment.id === id) return void this.#comments.set(number, known)
    }
    this.#comments.set(operation, known)
  }

  /**
   * A comment, often the one that most do something with. Drawn by the operation that made it known: if that one is left
   * out of a run, others mean what they meant before.
   */
  anyComment(chance: Chance, before: number): KnownComment | undefined {
    const upTo = chance.happens(0.4) ? Math.min(before, 8) : chance.integer(0, before)
    const numbers = Array.from(this.#comments.keys()).filter((number) => number <= upTo).toSorted((a, b) => a - b)
    return this.#comments.get(numbers.at(-1) ?? -1)
  }

  /** The token of what happened last. */
  get latestToken(): string | undefined {
    return this.#tokens.at(-1)?.token
  }

  /** Some tokens of what happened lately. */
  someTokens(chance: Chance): ReadonlyArray<string> {
    const latest = this.#tokens.slice(-chance.integer(1, 6))
    return Array.from(new Set(latest.filter(() => chance.happens(0.6)).map(({ token }) => token)))
  }

  /** The version that is in a comment's tag now, as far as anybody knows, or one that was. */
  someVersion(chance: Chance, { version }: KnownComment): number {
    return chance.happens(0.7) ? version : chance.integer(1, version)
  }
}
