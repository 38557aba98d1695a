import type { Mutant } from "./Mutant.ts"
import { mutantsOfCommands } from "./ofCommands.ts"
import { mutantsOfProjections } from "./ofProjections.ts"
import { mutantsOfQueries } from "./ofQueries.ts"
import { mutantsOfTheLog } from "./ofTheLog.ts"

/** All deliberate bugs. The simulation has to catch each of them. */
export const mutants: ReadonlyArray<Mutant> = [
  ...mutantsOfTheLog,
  ...mutantsOfCommands,
  ...mutantsOfProjections,
  ...mutantsOfQueries
]

/** The mutant of this name. Throws where there is none. */
export const findMutant = (name: string): Mutant => {
  const found = mutants.find((mutant) => mutant.name === name)
  if (found === undefined) throw new Error(`there is no mutant ${JSON.stringify(name)}`)
  return found
}
