import { Effect } from "effect"
import assert from "node:assert"
import type { PictureId } from "../../src/domain/ids.ts"
import type { CachedAnswer, Generation, QueryCache } from "../../src/queries/QueryCache.ts"
import { EntryKey } from "../../src/queries/QueryCache.ts"
import type { QueryCacheControls } from "./QueryCacheControls.ts"

/** What befalls a slot from outside, in one step, at any point of a schedule. */
export type Fault = "evict" | "expire" | "flush"

/** Who acts. Every order of their steps is tried. */
export interface Scenario {
  /** Each reads the cache and, after a miss, the database, then puts back what it read: as slowly as can be. */
  readonly readers: number
  /** Each commits a new version to the database, then invalidates. */
  readonly writers: number
  readonly faults: ReadonlyArray<Fault>
}

/** What the protocol is for, and how it does it. */
export type CachePromise =
  | "a hit is no older than what was invalidated"
  | "a put under a lost generation never lands"
export const cachePromises: ReadonlyArray<CachePromise> = [
  "a hit is no older than what was invalidated",
  "a put under a lost generation never lands"
]

/** One step after another, each told apart by its name. Actors of a kind are alike. */
export interface Actor {
  readonly kind: string
  readonly name: string
  next: string | undefined
  begun: boolean
  readonly step: Effect.Effect<CachePromise | undefined>
}

const key = EntryKey.make("n20")
const answers = Array.from({ length: 8 }, (_, version): CachedAnswer => (
  { body: Uint8Array.of(version), etag: `"${version}"`, nextCursor: null }
))
const answerOf = (version: number): CachedAnswer => answers[version] ?? assert.fail("more versions than answers")
const versionOf = ({ body }: CachedAnswer): number => body[0] ?? assert.fail("an answer without a body")

/** The actors over one picture and a database that is one number: the version of the last commit. */
export const makeActors = (
  cache: QueryCache["Service"],
  controls: QueryCacheControls["Service"],
  scenario: Scenario,
  picture: PictureId
): { readonly actors: ReadonlyArray<Actor>; readonly last: Actor } => {
  let committed = 0
  let invalidated = 0
  let losses = 0

  const makeReader = (name: string): Actor => {
    let generation: Generation | undefined
    let lossesSeen = 0
    let version = 0
    const actor: Actor = {
      kind: "reader",
      name,
      next: "read",
      begun: false,
      step: Effect.suspend(() => {
        if (actor.next === "query") {
          version = committed
          actor.next = "put"
          return Effect.undefined
        }
        if (actor.next === "put" && generation !== undefined) {
          actor.next = undefined
          return Effect.map(
            Effect.orDie(cache.put(picture, generation, key, answerOf(version))),
            (landed) => landed && lossesSeen !== losses ? "a put under a lost generation never lands" : undefined
          )
        }
        return Effect.map(Effect.orDie(cache.read(picture, key)), (lookup) => {
          actor.next = lookup._tag === "Hit" ? undefined : "query"
          generation = lookup.generation
          lossesSeen = losses
          return lookup._tag === "Hit" && versionOf(lookup.answer) < invalidated
            ? "a hit is no older than what was invalidated"
            : undefined
        })
      })
    }
    return actor
  }

  const makeWriter = (name: string): Actor => {
    const actor: Actor = {
      kind: "writer",
      name,
      next: "commit",
      begun: false,
      step: Effect.suspend(() => {
        if (actor.next === "commit") {
          committed++
          actor.next = "invalidate"
          return Effect.undefined
        }
        actor.next = undefined
        return Effect.map(Effect.orDie(cache.invalidate([picture])), () => {
          losses++
          invalidated = committed
          return undefined
        })
      })
    }
    return actor
  }

  const causes: Record<Fault, Effect.Effect<void>> = {
    evict: controls.evict(picture),
    expire: controls.expire(picture),
    flush: controls.flush
  }
  const makeFault = (fault: Fault): Actor => {
    const actor: Actor = {
      kind: fault,
      name: "fault",
      next: fault,
      begun: false,
      step: Effect.map(causes[fault], () => {
        losses++
        actor.next = undefined
        return undefined
      })
    }
    return actor
  }

  return {
    actors: [
      ...Array.from({ length: scenario.readers }, (_, index) => makeReader(`reader ${index + 1}`)),
      ...Array.from({ length: scenario.writers }, (_, index) => makeWriter(`writer ${index + 1}`)),
      ...scenario.faults.map(makeFault)
    ],
    // Whoever comes after all the others sees what they left behind.
    last: makeReader("the last reader")
  }
}
