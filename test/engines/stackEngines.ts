import { inject } from "vitest"

const { dynamoDbLocal, dynoxide, postgres, redis } = inject("engines")

/** This machine, if it has all the engines of the local stack; where it hasn't, the run has begun by saying so. */
export const stackMachines: ReadonlyArray<string> = postgres && redis && (dynoxide || dynamoDbLocal)
  ? ["this machine"]
  : []
