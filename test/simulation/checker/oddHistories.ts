import type { History } from "../history/History.ts"
import { Chance } from "../kernel/Chance.ts"
import { RightService, type Sending } from "./rightService.ts"

const people = ["ana", "ben", "cleo"] as const
const never = "/comments/00000000-0000-7000-8000-000000000000"
const cursorOf = (body: unknown): string | undefined => /"nextCursor":"([^"]*)"/.exec(JSON.stringify(body) ?? "")?.[1]

/**
 * A right history of a site that has a hard time: another version of the program edits too, streams are poisoned and mended,
 * requests are done long after they were given up, few keys are used again and again for few comments, and lists are walked
 * while they change.
 */
export const oddHistory = (seed: number, requests = 120): History => {
  const chance = new Chance(`odd history ${seed}`)
  const service = new RightService()
  const paths: Array<string> = []
  const tokens: Array<string> = []
  const walks = new Map<string, Sending>()
  let late: Array<() => void> = []

  const somebody = () => ({
    client: chance.pick(people),
    scopes: chance.happens(0.2) ? ["comments:write", "comments:moderate"] : ["comments:write"]
  })
  // Mostly one comment: so much happens to it that it forgets keys.
  const somePath = () => paths[chance.happens(0.7) ? 0 : chance.integer(0, Math.max(0, paths.length - 1))] ?? never
  const someId = () => somePath().replace("/comments/", "")
  const someText = () => ({ text: `text ${chance.integer(1, 40)}` })
  const someHeaders = () => {
    const headers: Record<string, string> = {}
    if (chance.happens(0.5)) headers["idempotency-key"] = `key ${chance.integer(1, 4)}`
    if (chance.happens(0.2)) headers["prefer"] = "respond-async"
    return headers
  }
  const someCommand = (): Sending => {
    const kind = chance.integer(0, 19)
    const headers = someHeaders()
    if (kind < 5) return { ...somebody(), method: "POST", path: "/pictures/sunset/comments", headers, body: someText() }
    if (chance.happens(0.1)) headers["if-match"] = `"${chance.integer(1, 9)}"`
    return kind === 5
      ? { ...somebody(), method: "DELETE", path: somePath(), headers }
      : { ...somebody(), method: "PATCH", path: somePath(), headers, body: someText() }
  }
  const someQuery = (): Sending => {
    const path = chance.pick([somePath(), `${somePath()}/history`, "/pictures/sunset/comments/count"])
    const token = tokens.at(-chance.integer(1, 3))
    return { ...somebody(), method: "GET", path, headers: token === undefined ? {} : { "consistency-token": token } }
  }
  const someStep = () => {
    const client = chance.pick(people)
    const list = "/pictures/sunset/comments?limit=2&order=oldest"
    const next = walks.get(client) ?? { client, method: "GET", path: list }
    const cursor = cursorOf(service.send(next).body)
    if (cursor === undefined) walks.delete(client)
    else walks.set(client, { ...next, path: `${list}&cursor=${encodeURIComponent(cursor)}` })
  }
  const command = () => {
    const answer = service.send(someCommand())
    const { location, "consistency-token": token } = answer.headers
    if (answer.status === 201 && location !== undefined) paths.push(location)
    if (token !== undefined) tokens.push(token)
    if (answer.status !== 202 || location === undefined) return
    const owner = service.exchanges.at(-1)?.client ?? ""
    service.send({ client: owner, method: "GET", path: location })
  }

  for (let number = 0; number < requests; number++) {
    const kind = chance.integer(0, 99)
    if (kind < 55) command()
    else if (kind < 65) late.push(service.sendLate({ ...someCommand(), headers: {} }))
    else if (kind < 80) service.send(someQuery())
    else if (kind < 92) someStep()
    else if (kind < 94) service.plant(someId(), "from another version")
    else if (number > requests / 2 && chance.happens(0.2)) tokens.push(...service.poison(someId()))
    if (chance.happens(0.4)) service.project()
    if (chance.happens(0.3)) {
      const [first, ...others] = late
      first?.()
      late = others
    }
  }
  return service.history()
}

/** The same, as if many had been under way at once: each request was sent earlier, and was answered later. */
export const overlapping = (history: History, seed: number): History => {
  const chance = new Chance(`overlapping ${seed}`)
  const exchanges = history.exchanges.map((one) => {
    const [before, after] = [chance.integer(0, 12), chance.integer(0, 12)]
    return {
      ...one,
      sent: { tick: one.sent.tick - before, at: one.sent.at - before },
      ended: { tick: one.ended.tick + after, at: one.ended.at + after }
    }
  })
  return { ...history, exchanges: exchanges.toSorted((one, other) => one.ended.tick - other.ended.tick) }
}

/** The same, as if some commands had never been answered. What a query told, its client has used. */
export const unanswered = (history: History, seed: number): History => {
  const chance = new Chance(`unanswered ${seed}`)
  return {
    ...history,
    exchanges: history.exchanges.map((one) =>
      one.request.method !== "GET" && chance.happens(0.3) ? { ...one, answer: null } : one
    )
  }
}

/** The same, where nobody saw the log and the read model grow. */
export const unseen = (history: History): History => ({
  ...history,
  log: history.log.map(({ commit }) => ({ commit, landed: null })),
  poisoned: new Map(Array.from(history.poisoned, ([id, { version }]) => [id, { version, planted: null }])),
  positions: null
})
