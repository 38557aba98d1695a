import type { Chance } from "../kernel/Chance.ts"

const words: readonly [string, ...ReadonlyArray<string>] = [
  "light",
  "夕焼け",
  "mañana",
  "👩‍👩‍👧‍👦",
  "ﬁne",
  "e\u0301",
  "<b>",
  "\"quoted\"",
  "a\nb"
]

/** A text that says which operation wrote it. Some are so long that their commit has no room for a snapshot. */
export const someText = (chance: Chance, operation: number): string => {
  const drawn = Array.from(
    { length: chance.happens(0.2) ? chance.integer(60, 200) : chance.integer(1, 6) },
    () => chance.pick(words)
  )
  return `${operation} ${drawn.join(" ")}`
}
