import type { Chance } from "../../../simulation/kernel/Chance.ts"

/** So many reads to so many writes. */
export interface Mix {
  readonly reads: number
  readonly writes: number
}

/** What comes in at the entry: nearly everybody only looks. */
export const edgeMix: Mix = { reads: 100, writes: 1 }

/** What is left of it at the event store, behind the cache: a write loads its stream and appends to it. */
export const storeMix: Mix = { reads: 70, writes: 30 }

/** The exponents of Zipf's law that mixes are measured with. */
export const popularities = [0.8, 0.99] as const

export const drawsWrite = (chance: Chance, { reads, writes }: Mix): boolean => chance.happens(writes / (reads + writes))
