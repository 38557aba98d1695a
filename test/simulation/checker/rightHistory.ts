import type { History } from "../history/History.ts"
import { Chance } from "../kernel/Chance.ts"
import { RightService } from "./rightService.ts"

const people = ["ana", "ben", "cleo"] as const
const pictures = ["sunset", "harbour"] as const

/** A small right history that has something of everything: what the corruptions are applied to. */
export const everything = (): History => {
  const service = new RightService()
  const post = (client: string, text: string, headers = {}) =>
    service.send({ client, method: "POST", path: "/pictures/sunset/comments", headers, body: { text } })
  const first = post("ana", "one", { "idempotency-key": "k" })
  service.project()
  const path = first.headers["location"] ?? ""
  const etag = first.headers["etag"] ?? ""
  post("ana", "one", { "idempotency-key": "k" })
  post("ana", "another", { "idempotency-key": "k" })
  post("ben", "two")
  post("ben", "three")
  const read = (client: string, path: string, headers = {}, scopes = ["comments:write"]) =>
    service.send({ client, method: "GET", path, headers, scopes })
  const edited = service.send({
    client: "ana",
    method: "PATCH",
    path,
    headers: { "if-match": etag, "idempotency-key": "e" },
    body: { text: "uno" }
  })
  service.send({ client: "ana", method: "PATCH", path, headers: { "if-match": etag }, body: { text: "un" } })
  service.send({ client: "ana", method: "PATCH", path, body: { text: "uno" } })
  service.send({ client: "ben", method: "PATCH", path, body: { text: "mine" } })
  service.project()
  read("ana", path, { "consistency-token": edited.headers["consistency-token"] ?? "" })
  read("ben", path, { "if-none-match": `"2"` })
  read("ana", `${path}/history`)
  read("ben", `${path}/history`)
  read("ben", "/pictures/sunset/comments/count")
  read("ben", "/comment-counts?pictureId=sunset&pictureId=harbour")
  const page = read("cleo", "/pictures/sunset/comments?limit=2&order=oldest")
  const cursor = /"nextCursor":"([^"]*)"/.exec(JSON.stringify(page.body))?.[1] ?? ""
  read("cleo", `/pictures/sunset/comments?limit=2&order=oldest&cursor=${encodeURIComponent(cursor)}`)
  read("cleo", "/users/ben/comments")
  const later = service.send({
    client: "ana",
    method: "PATCH",
    path,
    headers: { prefer: "respond-async" },
    body: { text: "tres" }
  })
  const where = later.headers["location"] ?? ""
  read("ana", where)
  read("ana", where)
  read("ben", where)
  service.send({ client: "cleo", method: "DELETE", path, scopes: ["comments:write", "comments:moderate"] })
  service.send({ client: "ana", method: "DELETE", path })
  service.send({
    client: "ana",
    method: "PATCH",
    path,
    headers: { "idempotency-key": "e", "if-match": etag },
    body: { text: "uno" }
  })
  service.send({ client: "ana", method: "PATCH", path, body: { text: "late" } })
  service.project()
  read("ana", path)
  read("cleo", "/pictures/sunset/comments")
  return service.history()
}

/** A right history of some length that chance makes. */
export const anyHistory = (seed: number, requests = 60): History => {
  const chance = new Chance(`history ${seed}`)
  const service = new RightService()
  const paths: Array<string> = []
  const tokens: Array<string> = []
  for (let number = 0; number < requests; number++) {
    const client = chance.pick(people)
    const scopes = chance.happens(0.2) ? ["comments:write", "comments:moderate"] : ["comments:write"]
    const picture = chance.pick(pictures)
    const path = paths[chance.integer(0, Math.max(0, paths.length - 1))] ??
      "/comments/00000000-0000-7000-8000-000000000000"
    const text = `text ${chance.integer(1, 5)}`
    const headers: Record<string, string> = chance.happens(0.4)
      ? { "idempotency-key": `key ${chance.integer(1, 4)}` }
      : {}
    if (chance.happens(0.2)) headers["if-match"] = `"${chance.integer(1, 4)}"`
    if (chance.happens(0.2)) service.project()
    const kind = chance.integer(0, 9)
    if (kind <= 2) {
      const { "if-match": _condition, ...rest } = headers
      const answer = service.send({
        client,
        scopes,
        method: "POST",
        path: `/pictures/${picture}/comments`,
        headers: rest,
        body: { text }
      })
      if (answer.status === 201) paths.push(answer.headers["location"] ?? "")
    } else if (kind <= 5) {
      const { headers: told } = kind === 5 && chance.happens(0.3)
        ? service.send({ client, scopes, method: "DELETE", path, headers })
        : service.send({ client, scopes, method: "PATCH", path, headers, body: { text } })
      tokens.push(told["consistency-token"] ?? "")
    } else {
      service.project()
      const token = tokens.findLast((token) => token !== "")
      const asked: Record<string, string> = token === undefined ? {} : { "consistency-token": token }
      const where = chance.pick([
        path,
        `${path}/history`,
        `/pictures/${picture}/comments`,
        `/users/${client}/comments?order=oldest`,
        `/pictures/${picture}/comments/count`
      ])
      service.send({ client, scopes, method: "GET", path: where, headers: asked })
    }
  }
  return service.history()
}
