import type { Corruption } from "./Corruption.ts"
import { readingCorruptions } from "./readingCorruptions.ts"
import { writingCorruptions } from "./writingCorruptions.ts"

/** Small corruptions of the history that has something of everything, at least one for each promise. */
export const corruptions: ReadonlyArray<Corruption> = [...writingCorruptions, ...readingCorruptions]
