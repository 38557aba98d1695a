import { Schema } from "effect"
import process from "node:process"
import { type Trial, TrialLine } from "./Trial.ts"

const encode = Schema.encodeSync(TrialLine)
const decodeSeeds = Schema.decodeUnknownSync(Schema.Array(Schema.FiniteFromString.check(Schema.isInt())))

/** The seeds that this process was asked to run. */
export const seedsAsked = (): ReadonlyArray<number> => decodeSeeds((process.argv[2] ?? "").split(","))

/** Tells whoever started this process; what is said is out before anything else is done. */
export const say = (trial: Trial): void => {
  process.stdout.write(`${encode(trial)}\n`)
}
