import { Clock, Duration, Effect, Layer } from "effect"
import { check } from "../../simulation/checker/check.ts"
import { Client } from "../clients/Client.ts"
import { Known } from "../clients/Known.ts"
import { startWork } from "../clients/workload.ts"
import { untilConverged } from "../evidence/convergence.ts"
import { siteEvidence } from "../evidence/siteEvidence.ts"
import { knownStreams, takeEvidence } from "../evidence/takeEvidence.ts"
import { availabilityOf } from "../measure/availability.ts"
import { recoveriesOf } from "../measure/recovery.ts"
import { samplesOf } from "../measure/Sample.ts"
import { memoryNow } from "../site/memory.ts"
import { Site } from "../site/Site.ts"
import type { Outcome } from "./Outcome.ts"
import { untilQuiet, warmUp } from "./peace.ts"
import type { Extent, Scenario } from "./Scenario.ts"

/** How long a scenario may take in all. */
const timeLimit = Duration.minutes(3)

const run = Effect.fnUntraced(function*({ name, strike, title }: Scenario, extent: Extent) {
  const site = yield* Site
  const { recorder } = yield* Client
  const memoryBefore = yield* memoryNow
  const before = yield* Effect.provide(knownStreams, siteEvidence(site))

  const { stop } = yield* startWork(new Known(name))
  yield* Effect.sleep(warmUp)
  const { findings, findingsIn = () => [], strikes } = yield* strike(site, extent)
  yield* untilQuiet(recorder)
  const stopped = yield* Clock.currentTimeMillis
  yield* stop

  const judged = Effect.gen(function*() {
    const convergedIn = yield* untilConverged
    const exchanges = recorder.exchanges()
    return { convergedIn, history: yield* takeEvidence({ scenario: name, before, exchanges }) }
  })
  const { convergedIn, history } = yield* Effect.provide(judged, siteEvidence(site))
  const samples = samplesOf(recorder.recorded)
  const outcome: Outcome = {
    name,
    title,
    availability: availabilityOf(samples, strikes, stopped),
    recoveries: recoveriesOf(samples, strikes, stopped),
    convergedIn,
    commits: history.log.length,
    violations: check(history),
    findings: [...findings, ...findingsIn(samples)],
    memory: { before: memoryBefore, after: yield* memoryNow }
  }
  return outcome
})

/** Has people work on the site, hurts it meanwhile, waits until all has converged, and judges what they were answered. */
export const runScenario = (scenario: Scenario, extent: Extent) =>
  run(scenario, extent).pipe(
    Effect.provide(Layer.unwrap(Effect.map(Site, ({ target }) => Client.layerOf(target)))),
    Effect.scoped,
    Effect.timeout(timeLimit)
  )
