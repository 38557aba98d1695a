import { describe, it } from "@effect/vitest"
import { insertConflicts } from "../../../contract/insertConflicts.ts"
import { leading } from "../../../contract/leading.ts"
import { rowLocks } from "../../../contract/rowLocks.ts"
import { savepoints } from "../../../contract/savepoints.ts"
import { simulatedReadModel } from "./simulatedReadModel.ts"

describe("Transactions on the simulated Postgres", () => {
  it.layer(simulatedReadModel("transactions"), { excludeTestServices: true })((it) => {
    rowLocks(it)
    insertConflicts(it)
    savepoints(it)
  })
})

describe("Whoever leads by the simulated Postgres", () => {
  it.layer(simulatedReadModel("leading"), { excludeTestServices: true })(leading)
})
