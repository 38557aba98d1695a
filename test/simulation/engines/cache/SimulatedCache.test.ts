import { Context, Effect, Layer } from "effect"
import { QueryCache, timeToLiveSeconds } from "../../../../src/queries/QueryCache.ts"
import { queryCacheContract } from "../../../contract/queryCache.ts"
import { QueryCacheControls } from "../../../contract/QueryCacheControls.ts"
import { Chance } from "../../kernel/Chance.ts"
import { noFaults } from "../../kernel/Faults.ts"
import { Journal } from "../../kernel/Journal.ts"
import { Process } from "../../kernel/Process.ts"
import { SimulatedCache } from "./SimulatedCache.ts"

const withControls = Layer.effectContext(Effect.suspend(() => {
  let now = 0
  const chance = new Chance("contract")
  const world = { chance, faults: noFaults(chance), journal: new Journal(() => now, false) }
  const cache = new SimulatedCache(world, 0)
  const controls = QueryCacheControls.of({
    evict: (picture) => Effect.sync(() => cache.evict(picture)),
    expire: () => Effect.sync(() => now += timeToLiveSeconds * 1000),
    flush: Effect.sync(() => cache.flush())
  })
  return Effect.map(
    Layer.build(cache.connect(new Process("a client"))),
    (connected) =>
      Context.add(Context.make(QueryCache, Context.get(connected, QueryCache)), QueryCacheControls, controls)
  )
}))

queryCacheContract("The simulated cache", withControls, [
  { readers: 2, writers: 1, faults: [] },
  { readers: 2, writers: 1, faults: ["evict"] }
])
