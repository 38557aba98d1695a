import { Schema } from "effect"
import { Chance } from "../../simulation/kernel/Chance.ts"
import { getRequest, textRequest } from "../load/httpRequest.ts"
import { Texts } from "../load/model/texts.ts"
import type { AimedRequest, Request } from "../Row.ts"
import { coldPathOf } from "../subject/coldPages.ts"
import { edits } from "../subject/ownComments.ts"
import { CrudMaterial } from "./CrudMaterial.ts"
import type { CrudRowName } from "./crudRowNames.ts"
import { pictureName } from "./CrudSite.ts"
import { mixed } from "./mixedRequests.ts"

/** What one row is about. */
interface CrudRow {
  readonly title: string
  /** How many times the traditional service's requests/s the project is after; null where it is after nothing. */
  readonly aim: number | null
  /** Whether requests set off what must be waited for. */
  readonly writes: boolean
  readonly requests: (material: CrudMaterial) => (number: number) => AimedRequest
}

const reading = (request: Request): AimedRequest => ({ request, to: 0, status: 200 })

const postsOn = 1000

const hotPage = () => {
  const hot = reading(getRequest(`/pictures/${pictureName(0)}/comments`))
  return () => hot
}

const posts = ({ commands, tokens }: CrudMaterial) => {
  const texts = new Texts()
  return (number: number): AimedRequest => ({
    request: textRequest(
      "POST",
      `/pictures/posted-${number % postsOn}/comments`,
      tokens[number % tokens.length] ?? "",
      texts.of(new Chance(`post/${number}`))
    ),
    to: commands,
    status: 201
  })
}

const editing = (material: CrudMaterial) => {
  const request = edits(material)
  return (number: number): AimedRequest => ({ request: request(number), to: material.commands, status: 200 })
}

export const crudRows: Readonly<Record<CrudRowName, CrudRow>> = {
  "crud-hot-page": { title: "hot page read", aim: 2, writes: false, requests: hotPage },
  "crud-cold-page": {
    title: "cold page read",
    aim: null,
    writes: false,
    requests: () => (number) => reading(getRequest(coldPathOf(number)))
  },
  "crud-post": { title: "post", aim: null, writes: true, requests: posts },
  "crud-edit": { title: "edit", aim: null, writes: true, requests: editing },
  "crud-mix-80": { title: "mix at the edge, Zipf 0.8", aim: null, writes: true, requests: mixed(0.8) },
  "crud-mix-99": { title: "mix at the edge, Zipf 0.99", aim: null, writes: true, requests: mixed(0.99) }
}

const decodeMaterial = Schema.decodeUnknownSync(CrudMaterial)

/** A row's requests by their numbers, on a side that has this material. */
export const requestsOf = (name: CrudRowName, material: Schema.Json) =>
  crudRows[name].requests(decodeMaterial(material))
