import { Option } from "effect"
import { deploy } from "../deployment.ts"
import type { Deployment } from "../programs.ts"
import { type Json, readTransformed, type Template } from "../template.ts"

/** A template after its transformation. */
export const transformedTemplate = (name: string): Template =>
  Option.getOrThrowWith(
    readTransformed(name),
    () =>
      new Error(`infra/${name}.yaml hasn't been transformed: "npm run check:infra" does that, and runs these tests.`)
  )

/** The image of a deployment; its account and region aren't those of the stack, to tell them apart. */
export const image = `210987654321.dkr.ecr.eu-west-1.amazonaws.com/team/marginalia@sha256:${"0".repeat(64)}`

const collector = `210987654321.dkr.ecr.eu-west-1.amazonaws.com/collector@sha256:${"1".repeat(64)}`

const needed = { Image: image, Issuer: "https://issuer.example.org/", Audience: "https://comments.example.org" }

const chosen: ReadonlyArray<readonly [name: string, parameters: Readonly<Record<string, Json>>]> = [
  ["the least that can be deployed", { Environment: "dev" }],
  ["all that can be chosen", {
    Environment: "prod",
    AudienceClaim: "client_id",
    WriteScope: "comments/write",
    ModerateScope: "comments/moderate",
    AllowedOrigins: "https://example.org,https://www.example.org",
    DatabaseKind: "aurora",
    NatPerZone: "true",
    InterfaceEndpoints: "true",
    CommandMinTasks: 2,
    QueryMinTasks: 2,
    CollectorImage: collector,
    AlarmEmail: "alarms@example.org"
  }]
]

/** Two deployments, on either side of every choice. */
export const deployments: ReadonlyArray<readonly [name: string, deployment: Deployment]> = chosen.map((
  [name, parameters]
) => [name, deploy(transformedTemplate, { ...needed, ...parameters })])
