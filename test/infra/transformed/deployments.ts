import { Option } from "effect"
import { chosenDeployments } from "../chosenDeployments.ts"
import { deploy } from "../deployment.ts"
import type { Deployment } from "../programs.ts"
import { readTransformed, type Template } from "../template.ts"

/** A template after its transformation. */
export const transformedTemplate = (name: string): Template =>
  Option.getOrThrowWith(
    readTransformed(name),
    () =>
      new Error(`infra/${name}.yaml hasn't been transformed: "npm run check:infra" does that, and runs these tests.`)
  )

/** The deployments that are looked at. */
export const deployments: ReadonlyArray<readonly [name: string, deployment: Deployment]> = chosenDeployments.map((
  [name, parameters]
) => [name, deploy(transformedTemplate, parameters)])
