import { Result } from "effect"
import { parseText } from "../../../../src/domain/CommentText.ts"
import { Chance } from "../../../simulation/kernel/Chance.ts"
import { Texts } from "./texts.ts"

// As a comment has them, normalised: the others are given the very same. Drawn beforehand: to draw one takes as long as much of what is measured.
const size = 4096

const drawPool = (): ReadonlyArray<string> => {
  const texts = new Texts()
  const chance = new Chance("text-pool")
  return Array.from({ length: size }, () => Result.getOrThrow(parseText(texts.of(chance))))
}

let pool: ReadonlyArray<string> | null = null

/** The text of a stream at a version, of the model's lengths and scripts: the same in every process. */
export const textAt = (stream: number, version: number): string => {
  pool ??= drawPool()
  return pool[(stream * 31 + version) % size] ?? ""
}
