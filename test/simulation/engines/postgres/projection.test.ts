import { describe, it } from "@effect/vitest"
import { Layer } from "effect"
import { Reconcile } from "../../../../src/projections/Reconcile.ts"
import { Redrive } from "../../../../src/projections/Redrive.ts"
import { StreamCheckpoints } from "../../../../src/projections/StreamCheckpoints.ts"
import { Verify } from "../../../../src/projections/Verify.ts"
import { convergence } from "../../../contract/convergence.ts"
import { healing } from "../../../contract/healing.ts"
import { parking } from "../../../contract/parking.ts"
import { projecting } from "../../../contract/projector.ts"
import { readModelQueries } from "../../../contract/readModel.ts"
import { reconciling } from "../../../contract/reconciling.ts"
import { redriving } from "../../../contract/redriving.ts"
import { streamCheckpointsContract } from "../../../contract/streamCheckpoints.ts"
import { verifying } from "../../../contract/verifying.ts"
import { projectorOver } from "../../../support/projection.ts"
import { simulatedReadModel } from "./simulatedReadModel.ts"

const projector = projectorOver(simulatedReadModel("contract"))

describe("On the simulated Postgres", () => {
  describe("the projector", () => {
    it.layer(projector)(projecting)
  })
  describe("an event that can't be projected", () => {
    it.layer(projector)(parking)
  })
  describe("healing a gap", () => {
    it.layer(projector)(healing)
  })
  describe("projectors", () => {
    it.layer(projector)(convergence)
  })
  describe("redriving", () => {
    it.layer(Redrive.layer.pipe(Layer.provideMerge(projector)))(redriving)
  })
  describe("reconciling", () => {
    it.layer(Reconcile.layer.pipe(Layer.provideMerge(projector)))(reconciling)
  })
  describe("verifying", () => {
    it.layer(Verify.layer.pipe(Layer.provideMerge(projector)))(verifying)
  })
  describe("the read model", () => {
    it.layer(simulatedReadModel("read model"), { excludeTestServices: true })(readModelQueries)
  })
  streamCheckpointsContract(
    "in the simulated Postgres",
    StreamCheckpoints.layer.pipe(Layer.provide(simulatedReadModel("checkpoints")))
  )
})
