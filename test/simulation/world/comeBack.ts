import { Effect } from "effect"
import { type Learned, ofAnotherSite } from "../clients/Learned.ts"
import type { Line } from "../clients/Line.ts"
import { authors, pictures } from "../clients/People.ts"
import type { Chance } from "../kernel/Chance.ts"
import type { World } from "../kernel/World.ts"
import { longestCached } from "./lastLooks.ts"

const visits = 4
const visited = pictures.slice(0, 3)
const apart = Math.ceil(longestCached * 1.2 / (visits - 1))

// Whoever waits for what never comes leaves nothing behind, whether the wait ends or is given up.
const waitInVain = (chance: Chance, line: Line, { latestToken }: Learned) => {
  if (latestToken === undefined) return Effect.void
  const [who] = authors
  const path = `/comment-counts?${pictures.map((picture) => `pictureId=${encodeURIComponent(picture)}`).join("&")}`
  const wait = (seconds: number) =>
    line.send(chance, {
      who,
      method: "GET",
      path,
      headers: { "consistency-token": ofAnotherSite(latestToken), prefer: `wait=${seconds}` }
    })
  return Effect.all([wait(1), wait(10)], { concurrency: "unbounded", discard: true })
}

/** Somebody looks at a picture and writes there, and whoever brings that into the read model doesn't hear of its commit. */
export const unheardCommit = Effect.fnUntraced(function*({ chance, faults }: World, line: Line) {
  const lookingAndWriting = chance.fork("unheard commit")
  const [who] = authors
  const path = `/pictures/${pictures[0]}/comments`
  yield* line.send(lookingAndWriting, { who, method: "GET", path })
  faults.storm(new Map([["unanswered commit", 1]]))
  yield* line.send(lookingAndWriting, { who, method: "POST", path, body: { text: "unheard of" } })
  yield* Effect.sleep("2 seconds")
  faults.storm(new Map())
})

/** Somebody looks at the pictures, and somebody writes what is the last that happens to them. */
export const lastWord = Effect.fnUntraced(function*(world: World, line: Line) {
  const chance = world.chance.fork("last word")
  const [who] = authors
  for (const picture of visited) {
    const path = `/pictures/${picture}/comments`
    yield* line.send(chance, { who, method: "GET", path })
    yield* line.send(chance, { who, method: "POST", path, body: { text: "the last word" } })
  }
})

/**
 * Somebody looks at the pictures again and again, for longer than anything may be served out of the cache: at the page that
 * everybody looks at, and each time at one that nobody has looked at before, so that more and more is put beside it.
 */
export const comeBack = Effect.fnUntraced(function*(world: World, line: Line, learned: Learned) {
  const chance = world.chance.fork("visits")
  const [who] = authors
  yield* waitInVain(chance, line, learned)
  for (let visit = 0; visit < visits; visit++) {
    if (visit > 0) yield* Effect.sleep(apart)
    for (const picture of visited) {
      const page = `/pictures/${picture}/comments`
      yield* line.send(chance, { who, method: "GET", path: page })
      yield* line.send(chance, { who, method: "GET", path: `${page}?limit=${31 + visit}` })
    }
  }
})
