import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { stackMachines } from "../engines/stackEngines.ts"
import { complaintsOf } from "./scenarios/Outcome.ts"
import { runScenario } from "./scenarios/runScenario.ts"
import { scenarios } from "./scenarios/scenarios.ts"
import { Site } from "./site/Site.ts"

/** A small part of what `npm run faults` does: the engine that has the log dies in mid-append, and whoever decides does. */
const some = scenarios.filter(({ name }) => name === "kill-dynamodb" || name === "kill-command-service")

const extent = { hold: Duration.millis(1_500), times: 1 }

describe.each(stackMachines)("The stack on %s, with people at work", () => {
  it.layer(Layer.provide(Site.layer, NodeServices.layer), { timeout: 60_000, excludeTestServices: true })((it) => {
    for (const scenario of some) {
      it.effect(`keeps its promises through a ${scenario.title}`, () =>
        Effect.gen(function*() {
          const outcome = yield* runScenario(scenario, extent)
          assert.deepStrictEqual(complaintsOf(outcome), [])
          const writers = outcome.availability.filter(({ kind }) => kind === "poster" || kind === "editor")
          for (const { all } of writers) assert.isAbove(all.requests - all.failed, 20)
          assert.isAbove(outcome.commits, 30)
        }), { timeout: 90_000 })
    }
  })
})
