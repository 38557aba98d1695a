import type { EncodedCommit } from "../../../src/events/Commit.ts"
import { Chance } from "../../simulation/kernel/Chance.ts"
import { plantedThreads, type SiteSize, threadsOf } from "../load/model/Site.ts"
import { Texts } from "../load/model/texts.ts"
import { coldPictureName, coldPictures, commentsPerColdPicture } from "../subject/coldPages.ts"
import { commitOf } from "../work/commits.ts"

/** Of everything that is drawn. */
export const siteSeed = "crud"

/** A page of 20 comments is the hottest. */
const hottest = { rank: 1, comments: 20 }

/** The site that all sides have, and a smaller one with all that the rows ask for. */
export const siteSize = (isQuick: boolean): SiteSize =>
  isQuick
    ? { pictures: 200, planted: [hottest, { rank: 3, comments: 2200 }] }
    : { pictures: 3000, planted: [hottest, ...plantedThreads] }

/** A picture by its popularity, 0 for the most popular. */
export const pictureName = (index: number): string => `picture-${index}`

/** All that was ever posted there: the pictures that the mix is about, and those that are read cold. */
export const commitsOfSite = (size: SiteSize): ReadonlyArray<EncodedCommit> => {
  const texts = new Texts()
  const chance = new Chance(`${siteSeed}/texts`)
  const pictures = [
    ...threadsOf(size, siteSeed).map((comments, index) => ({ name: pictureName(index), comments })),
    ...Array.from({ length: coldPictures }, (_, index) => ({
      name: coldPictureName(index),
      comments: commentsPerColdPicture
    }))
  ]
  // Comments come in the order of time, which has nothing to do with the pictures that they are on.
  const places = chance.shuffled(pictures.flatMap(({ comments, name }) => Array.from({ length: comments }, () => name)))
  return places.map((name, number) => commitOf(number, name, texts.of(chance)))
}
