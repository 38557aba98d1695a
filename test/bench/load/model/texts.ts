import { Schema } from "effect"
import { readFileSync } from "node:fs"
import type { Chance } from "../../../simulation/kernel/Chance.ts"
import { LogNormal } from "./LogNormal.ts"

const fixture = new URL("../../../fixtures/comments.jsonl", import.meta.url)

const decodeLine = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Struct({ text: Schema.optionalKey(Schema.String) }))
)

/** How long a text is usual to be, in characters: short ones are many, and a few are ten times as long. */
export const usualLength = new LogNormal(58, 0.6)
const longest = 2000

// What people wrote on pictures, in a dozen scripts. The one that is longer than all others together is left out: texts
// are as long as `usualLength` says.
const written = (): ReadonlyArray<string> =>
  readFileSync(fixture, "utf8").split("\n").filter((line) => line !== "").flatMap((line) => {
    const { text = "" } = decodeLine(line)
    return text.trim() === "" || text.length > 400 ? [] : [text.replaceAll(/\s+/gu, " ").trim()]
  })

const cut = (text: string, length: number): string => Array.from(text).slice(0, length).join("").trim()

/** Draws texts in the scripts of the fixture, about 58 characters long, most of them different from each other. */
export class Texts {
  readonly #written = written()
  readonly #first = this.#written[0] ?? ""

  /** A text for a number: the same for the same seed and number. */
  of(chance: Chance): string {
    const length = Math.min(longest, Math.max(3, Math.round(usualLength.draw(chance))))
    const parts: Array<string> = []
    for (let had = 0; had < length;) {
      const part = chance.pick([this.#first, ...this.#written])
      parts.push(part)
      had += Array.from(part).length + 1
    }
    const text = cut(parts.join(" "), length)
    return text === "" ? this.#first : text
  }
}
