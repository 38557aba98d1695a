import { Deferred, Effect, Layer } from "effect"
import type { PictureId } from "../../../../src/domain/ids.ts"
import { PictureSlots } from "../../../../src/queries/PictureSlots.ts"
import { type EntryKey, QueryCache, QueryCacheUnavailable } from "../../../../src/queries/QueryCache.ts"
import type { CachedAtEnd } from "../../history/History.ts"
import type { Chance } from "../../kernel/Chance.ts"
import type { Process } from "../../kernel/Process.ts"
import type { World } from "../../kernel/World.ts"
import { pathOf } from "./pathOf.ts"

type Operation = QueryCacheUnavailable["operation"]

const maxBytes = 64 * 1024 * 1024

/** What a look-up or a put may take, and an invalidation, in milliseconds: as the client of the real cache has it. */
const timeLimits = { read: 50, put: 50, invalidate: 400 }

const decoder = new TextDecoder()

/**
 * The cache that all processes share: the slots of the cache in memory, on a clock of their own, a network away. Each
 * operation takes effect at one instant. Nobody waits longer for it than for the real one; what isn't waited for any more
 * takes effect all the same.
 */
export class SimulatedCache {
  readonly #slots = new PictureSlots(maxBytes)
  readonly #world: World
  readonly #chance: Chance
  readonly #keys = new Map<PictureId, Set<EntryKey>>()
  readonly #unforgotten = new Set<PictureId>()
  readonly #underWay = new Set<symbol>()
  readonly #longestLatency: number
  /** While it is true nothing is answered. */
  isAway = false
  /** While it is true it hears of no invalidation, and whoever tells it doesn't know. */
  isDeaf = false
  /** How many times longer everything takes. */
  slowness = 1

  /** `longestLatency` is one way, in milliseconds: 4, if left out. */
  constructor(world: World, longestLatency = 4) {
    this.#world = world
    this.#chance = world.chance.fork("cache")
    this.#longestLatency = longestLatency
  }

  /** Operations that have begun and not ended. */
  get underWay(): number {
    return this.#underWay.size
  }

  flush(): void {
    this.#slots.clear()
  }

  evict(picture: PictureId): void {
    this.#slots.forget(picture)
  }

  /** What it has, of the pictures of which every invalidation came through or, if asked so, of all. */
  entries(of: "all" | "told"): ReadonlyArray<CachedAtEnd> {
    return Array.from(this.#keys).flatMap(([picture, keys]) =>
      of === "told" && this.#unforgotten.has(picture)
        ? []
        : Array.from(keys).flatMap((key) => {
          const answer = this.#slots.peek(picture, key, this.#world.journal.now())
          if (answer === undefined) return []
          return [{ path: pathOf(picture, key), body: JSON.parse(decoder.decode(answer.body)), etag: answer.etag }]
        })
    )
  }

  connect(process: Process): Layer.Layer<QueryCache> {
    const { faults, journal } = this.#world
    const ask = <A>(operation: Operation, pictures: ReadonlyArray<PictureId>, step: () => A) =>
      this.#ask(process, operation, pictures, step)
    return Layer.succeed(QueryCache, {
      read: (picture, key) => ask("read", [picture], () => this.#slots.read(picture, key, journal.now())),
      put: (picture, generation, key, answer) =>
        ask("put", [picture], () => {
          const isPut = this.#slots.put(picture, generation, key, answer, journal.now())
          if (isPut) this.#keys.set(picture, (this.#keys.get(picture) ?? new Set()).add(key))
          return isPut
        }),
      invalidate: (pictures) =>
        ask("invalidate", pictures, () => {
          const isLost = pictures.length > 0 && (faults.strikes("lost invalidation") || this.isDeaf)
          for (const picture of pictures) {
            if (isLost) {
              this.#unforgotten.add(picture)
            } else {
              this.#unforgotten.delete(picture)
              this.#slots.forget(picture)
            }
          }
        })
    })
  }

  // Goes on without whoever asked: the connection has the command by then.
  #ask<A>(process: Process, operation: Operation, pictures: ReadonlyArray<PictureId>, step: () => A) {
    const unavailable = (reason: string) => new QueryCacheUnavailable({ operation, cause: new Error(reason) })
    return process.alive(Effect.gen({ self: this }, function*() {
      const answer = Deferred.makeUnsafe<A, QueryCacheUnavailable>()
      const token = Symbol(operation)
      this.#underWay.add(token)
      yield* Effect.gen(() => this.#carryOut(process, operation, pictures, step)).pipe(
        Effect.mapError(unavailable),
        Effect.ensuring(Effect.sync(() => this.#underWay.delete(token))),
        Effect.onExit((exit) => Effect.sync(() => Deferred.doneUnsafe(answer, exit))),
        Effect.forkDetach
      )
      return yield* Deferred.await(answer).pipe(Effect.timeoutOrElse({
        duration: timeLimits[operation],
        orElse: () => Effect.fail(unavailable("no answer in time"))
      }))
    }))
  }

  *#carryOut<A>(
    process: Process,
    operation: Operation,
    pictures: ReadonlyArray<PictureId>,
    step: () => A
  ): Effect.fn.Return<A, string> {
    const { faults, journal } = this.#world
    const told = () => `${operation} ${pictures.join(" ")}`
    const fails = faults.strikes("cache down")
    const isBefore = this.#chance.happens(0.5)
    yield* Effect.sleep(this.#latency() + (faults.strikes("late cache") ? this.#chance.integer(20, 3000) : 0))
    if (this.isAway || (fails && isBefore)) {
      if (operation === "invalidate") { for (const picture of pictures) this.#unforgotten.add(picture) }
      journal.tell("cache", () => `is down for ${process.name}: ${told()}`)
      return yield* Effect.fail("the connection is lost")
    }
    for (const picture of pictures) if (faults.strikes("eviction")) this.evict(picture)
    const found = step()
    journal.tell("cache", () => `${told()} for ${process.name}: ${describe(found)}`)
    yield* Effect.sleep(this.#latency())
    if (fails) return yield* Effect.fail("the connection is lost")
    return found
  }

  #latency(): number {
    return this.#chance.integer(0, this.#longestLatency) * this.slowness
  }
}

const describe = (found: unknown): string =>
  typeof found === "object" && found !== null && "_tag" in found ? String(found._tag) : String(found)
