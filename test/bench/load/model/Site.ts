import { Chance } from "../../../simulation/kernel/Chance.ts"
import { LogNormal } from "./LogNormal.ts"

/** How many comments pictures have: most none or one or two, a few thousands. */
export const commentsPerPicture = new LogNormal(7, 2)

/** A thread that is planted at a rank of popularity, 1 for the most popular. */
export interface PlantedThread {
  readonly rank: number
  readonly comments: number
}

/** How large a site is. */
export interface SiteSize {
  readonly pictures: number
  readonly planted: ReadonlyArray<PlantedThread>
}

/** A thread that is long, and one that is as long as any gets, both on pictures that many look at. */
export const plantedThreads: ReadonlyArray<PlantedThread> = [
  { rank: 3, comments: 2200 },
  { rank: 10, comments: 33_000 }
]

/** No drawn thread is longer than the longest that is planted. */
const longest = 33_000

/** How many comments each picture has, the most popular first. Popularity and length have nothing to do with each other. */
export const threadsOf = ({ pictures, planted }: SiteSize, seed: string): ReadonlyArray<number> => {
  const chance = new Chance(`${seed}/threads`)
  const lengths = new Map(planted.map(({ comments, rank }) => [rank - 1, comments]))
  return Array.from({ length: pictures }, (_, index) => {
    const drawn = Math.min(longest, commentsPerPicture.drawWhole(chance))
    return lengths.get(index) ?? drawn
  })
}
