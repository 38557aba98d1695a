import { Chance } from "../../simulation/kernel/Chance.ts"
import { getRequest, textRequest } from "../load/httpRequest.ts"
import { drawsWrite, edgeMix } from "../load/model/mixes.ts"
import { Texts } from "../load/model/texts.ts"
import { Zipf } from "../load/model/Zipf.ts"
import type { AimedRequest } from "../Row.ts"
import { idOf } from "../work/commits.ts"
import type { CrudMaterial } from "./CrudMaterial.ts"
import { pictureName, siteSeed } from "./CrudSite.ts"

const postShare = 0.75
const countShare = 0.06
const commentShare = 0.04
const oldestShare = 0.02

/**
 * 100 reads to a write. Of the reads, 88 in 100 are a picture's first page, 6 its count, 4 a single comment, 2 the oldest 50;
 * of the writes, three are posts to an edit. Pictures are drawn by Zipf's law, comments evenly. What request a number is
 * doesn't depend on the side.
 */
export const mixed = (exponent: number) => (material: CrudMaterial) => {
  const { commands, comments, ids, pictures, tokens } = material
  const zipf = new Zipf(pictures, exponent)
  const texts = new Texts()

  const edit = (chance: Chance, number: number): AimedRequest => {
    const index = chance.integer(0, ids.length - 1)
    const request = textRequest(
      "PATCH",
      `/comments/${ids[index] ?? ""}`,
      tokens[index % tokens.length] ?? "",
      `${texts.of(chance)} ${number}`
    )
    return { request, to: commands, status: 200 }
  }

  const post = (chance: Chance): AimedRequest => {
    const path = `/pictures/${pictureName(zipf.draw(chance))}/comments`
    const token = tokens[chance.integer(0, tokens.length - 1)] ?? ""
    return { request: textRequest("POST", path, token, texts.of(chance)), to: commands, status: 201 }
  }

  const readPath = (chance: Chance): string => {
    const kind = chance.next()
    if (kind < commentShare) return `/comments/${idOf(chance.integer(0, comments - 1))}`
    const list = `/pictures/${pictureName(zipf.draw(chance))}/comments`
    if (kind < commentShare + countShare) return `${list}/count`
    return kind < commentShare + countShare + oldestShare ? `${list}?order=oldest&limit=50` : list
  }

  return (number: number): AimedRequest => {
    const chance = new Chance(`${siteSeed}/${exponent}/${number}`)
    if (!drawsWrite(chance, edgeMix)) return { request: getRequest(readPath(chance)), to: 0, status: 200 }
    return chance.happens(postShare) ? post(chance) : edit(chance, number)
  }
}
