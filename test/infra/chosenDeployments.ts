import type { Json } from "./template.ts"

/** The image of a deployment; its account and region aren't those of the stack, to tell them apart. */
export const image = `210987654321.dkr.ecr.eu-west-1.amazonaws.com/team/marginalia@sha256:${"0".repeat(64)}`

const collector = `210987654321.dkr.ecr.eu-west-1.amazonaws.com/collector@sha256:${"1".repeat(64)}`

/** What has no default. */
export const needed = { Image: image, Issuer: "https://issuer.example.org/", Audience: "https://comments.example.org" }

/** What may be said to the root: two deployments, on either side of every choice. */
export const chosenDeployments: ReadonlyArray<readonly [name: string, parameters: Readonly<Record<string, Json>>]> = [
  ["the least that can be deployed", { ...needed, Environment: "dev" }],
  ["all that can be chosen", {
    ...needed,
    Environment: "prod",
    AudienceClaim: "client_id",
    WriteScope: "comments/write",
    ModerateScope: "comments/moderate",
    AllowedOrigins: "https://example.org,https://www.example.org",
    RateLimitCommands: "300 per 1 minute",
    RateLimitQueries: "off",
    DatabaseKind: "aurora",
    NatPerZone: "true",
    InterfaceEndpoints: "true",
    CommandMinTasks: 2,
    QueryMinTasks: 2,
    CollectorImage: collector,
    AlarmEmail: "alarms@example.org"
  }]
]
