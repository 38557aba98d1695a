import { Effect } from "effect"
import type { Chance } from "../kernel/Chance.ts"
import type { FaultKind } from "../kernel/Faults.ts"
import type { World } from "../kernel/World.ts"
import type { Engines } from "../site/Engines.ts"
import type { Site } from "../site/Site.ts"
import { type IncidentKind, incidentKinds } from "./incidentTable.ts"
import { Poison } from "./Poison.ts"

/** What befalls the site, at instants that the seed decides. */
export interface Incidents {
  readonly happen: (kinds: ReadonlySet<IncidentKind>, duration: number) => Effect.Effect<void>
  readonly struck: ReadonlyMap<IncidentKind, number>
  readonly planted: Pick<Poison, "poisoned" | "foreign" | "mend">
}

type Incident = (chance: Chance) => Effect.Effect<void>

/** How often each kind happens in a run that has it. */
const mostOften = 3
const mostKills = 8

const moreThanADay = 25 * 60 * 60 * 1000

const storms: Readonly<
  Record<"slow" | "dynamo" | "postgres" | "strained" | "records", ReadonlyMap<FaultKind, number>>
> = {
  slow: new Map([["slow request", 0.8], ["late cache", 0.8], ["slow statement", 0.3]]),
  dynamo: new Map([["lost request", 0.95], ["throttled", 0.3]]),
  postgres: new Map([["lost connection", 0.95]]),
  strained: new Map([["slow statement", 0.4], ["unanswered commit", 0.5]]),
  records: new Map([["lost record", 0.6], ["delayed record", 0.2]])
}

const incidentsOf = (
  { faults, journal }: World,
  { cache, dynamo, postgres }: Engines,
  { operator, programs, projecting }: Site,
  poison: Poison
): Readonly<Record<IncidentKind, Incident>> => {
  const once = (happen: (chance: Chance) => void): Incident => (chance) => Effect.sync(() => happen(chance))
  const storm = (kind: keyof typeof storms): Incident => (chance) =>
    Effect.sync(() => faults.storm(storms[kind])).pipe(
      Effect.andThen(Effect.sleep(chance.integer(500, 6_000))),
      Effect.andThen(Effect.sync(() => faults.storm(new Map())))
    )
  const streams = [dynamo.streams.events, dynamo.streams.inbox] as const
  return {
    "a process is killed": Effect.fnUntraced(function*(chance) {
      const program = chance.pick(programs)
      program.kill()
      yield* Effect.sleep(chance.integer(10, 5_000))
      yield* program.start
    }),
    // In the midst of a batch, as far as there is one in time, and of one that takes long; or as soon as it is committed,
    // when nobody has been told of it yet.
    "whoever projects is killed at work": Effect.fnUntraced(function*(chance) {
      faults.storm(storms.strained)
      for (let looks = 0; looks < 200 && postgres.openTransactions() === 0; looks++) yield* Effect.sleep(10)
      if (chance.happens(0.5)) yield* Effect.sleep(chance.integer(0, 3_000))
      else for (let looks = 0; looks < 300 && postgres.openTransactions() > 0; looks++) yield* Effect.sleep(10)
      for (const program of projecting) program.kill()
      faults.storm(new Map())
      yield* Effect.sleep(chance.integer(10, 3_000))
      for (const { start } of projecting) yield* start
    }),
    "a clock jumps": once((chance) => {
      const seconds = chance.pick([-300, -30, -2, 2, 30, 300])
      chance.pick(programs).clock.skew += seconds * 1000 + chance.integer(0, 999)
    }),
    "shards split": once((chance) => chance.pick(streams).split(journal.now())),
    "records are lost in a row": storm("records"),
    "iterators expire": once(() => streams.forEach((stream) => stream.expireIterators())),
    // What nobody has handled yet is gone, for nobody is up who could: only a scan finds it. A stream forgets nothing before
    // its day is over, which nobody could notice: so the clocks of those who come too late say that it is.
    "the events' stream is trimmed": Effect.fnUntraced(function*(chance) {
      for (const program of projecting) program.kill()
      yield* Effect.sleep(chance.integer(500, 4_000))
      dynamo.streams.events.shards.trim(journal.now())
      for (const { clock, start } of projecting) {
        clock.skew += moreThanADay
        yield* start
      }
    }),
    "the events' stream is made anew": once(() => dynamo.streams.events.recreate()),
    "the cache is flushed": once(() => cache.flush()),
    "everything is slow": storm("slow"),
    "DynamoDB is away": storm("dynamo"),
    "the read database is away": storm("postgres"),
    // Then projectors are at the same streams at the same time, and don't know of their last commits.
    "the read database is strained": storm("strained"),
    "the cache is away": Effect.fnUntraced(function*(chance) {
      cache.isAway = true
      yield* Effect.sleep(chance.integer(500, 6_000))
      cache.isAway = false
    }),
    "the cache hears of no invalidation": Effect.fnUntraced(function*(chance) {
      cache.isDeaf = true
      // Often up to the end: then nothing but time puts right what it has.
      if (chance.happens(0.4)) return
      yield* Effect.sleep(chance.integer(500, 6_000))
      cache.isDeaf = false
    }),
    "the operator redrives": () => operator.redrive,
    "the operator reconciles": () => operator.reconcile,
    "the operator verifies": () => operator.verify,
    "a poisoned stream": once((chance) => poison.plantStream(chance)),
    "a poisoned commit in a living stream": once((chance) => poison.plantInLivingStream(chance)),
    "an event after a deletion": once((chance) => poison.plantAfterDeletion(chance)),
    "a commit of another version of the program": once((chance) => poison.plantForeign(chance))
  }
}

/** Makes everything ready that may befall a site. */
export const makeIncidents = (world: World, engines: Engines, site: Site): Incidents => {
  const { chance, journal } = world
  const planted = new Poison(engines.dynamo, journal)
  const incidents = incidentsOf(world, engines, site, planted)
  const struck = new Map<IncidentKind, number>()
  const happen = (kinds: ReadonlySet<IncidentKind>, duration: number) =>
    Effect.forEach(incidentKinds.filter((kind) => kinds.has(kind)), (kind) => {
      const times = chance.fork(kind).integer(1, kind.includes("killed") ? mostKills : mostOften)
      return Effect.forEach(
        Array.from({ length: times }, (_, n) => chance.fork(kind).fork(n)),
        (chance) =>
          Effect.suspend(() => {
            journal.tell("world", () => kind)
            struck.set(kind, (struck.get(kind) ?? 0) + 1)
            return incidents[kind](chance)
          }).pipe(Effect.delay(chance.integer(0, duration * 1000) / 1000)),
        { concurrency: "unbounded", discard: true }
      )
    }, { concurrency: "unbounded", discard: true })
  return { happen, struck, planted }
}
