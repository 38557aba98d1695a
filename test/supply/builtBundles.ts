import { Effect } from "effect"
import { join } from "node:path"
import { lambdas } from "../../src/programs/build/bundleLambda.ts"
import { bundledPackages } from "../../src/programs/build/thirdParty.ts"
import { buildLambdas, buildServices } from "../engines/builtPrograms.ts"
import type { Bundles } from "./licences.ts"

/** What is in the bundles of these folders. */
export const bundlesIn = (services: string, functions: string): Bundles => ({
  image: bundledPackages(services),
  lambdas: lambdas.flatMap((name) => bundledPackages(join(functions, name)))
})

/** Both together. */
export const allBundled = ({ image, lambdas }: Bundles) => [...image, ...lambdas]

/** What is in the bundles as they would be built now. */
export const makeBundles = Effect.gen(function*() {
  const [services, functions] = yield* Effect.all([buildServices, buildLambdas], { concurrency: "unbounded" })
  return bundlesIn(services, functions)
}).pipe(Effect.scoped)
