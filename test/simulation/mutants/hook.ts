import { env } from "node:process"
import { findMutant } from "./mutants.ts"
import { withMutant } from "./withMutant.ts"

/** Names the mutant for a process that is started with `--import` of this file. */
export const mutantVariable = "MARGINALIA_MUTANT"

const name = env[mutantVariable]
if (name !== undefined) withMutant(findMutant(name))
