import type { Corrupt } from "./corrupting.ts"
import type { promises } from "./promises.ts"

export interface Corruption {
  /** What is wrong with the history then. */
  readonly name: string
  readonly breaks: keyof typeof promises
  readonly corrupt: Corrupt
}

export const corruption = (breaks: Corruption["breaks"], name: string, corrupt: Corrupt): Corruption => ({
  breaks,
  name,
  corrupt
})
