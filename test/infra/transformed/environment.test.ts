import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { askedSettings } from "../../../src/platform/askedSettings.ts"
import { readCommandServiceSettings } from "../../../src/platform/CommandServiceSettings.ts"
import { readDatabase, readDynamoDb, readRedis, readTables } from "../../../src/platform/engineSettings.ts"
import { readQueryServiceSettings } from "../../../src/platform/QueryServiceSettings.ts"
import { readLogging } from "../../../src/platform/settings.ts"
import { readInboxSettings } from "../../../src/programs/inbox/settings.ts"
import { readMigrationSettings } from "../../../src/programs/migration/settings.ts"
import { readProjectorSettings } from "../../../src/programs/projector/settings.ts"
import { decodeTask, type DeployedProgram, programsOf } from "../programs.ts"
import { deployments } from "./deployments.ts"

/** What each program reads at its start; ops reads what a command needs. */
const readers = {
  "command-service": Effect.asVoid(readCommandServiceSettings),
  "query-service": Effect.asVoid(readQueryServiceSettings),
  "projector": Effect.asVoid(readProjectorSettings),
  "inbox": Effect.asVoid(readInboxSettings),
  "migration": Effect.asVoid(readMigrationSettings),
  "ops": Effect.asVoid(Effect.all([readLogging, readDynamoDb, readTables, readDatabase, readRedis]))
}

const isProgram = (name: string): name is keyof typeof readers => name in readers

const readerOf = ({ name }: DeployedProgram) =>
  isProgram(name) ? readers[name] : Effect.die(new Error(`Who is ${name}?`))

/** What the image says for every program in it. */
const imageEnvironment = (): Readonly<Record<string, string>> => {
  const text = readFileSync(fileURLToPath(new URL("../../../infra/Dockerfile", import.meta.url)), "utf8")
  const [, said = ""] = /^ENV ((?:.*\\\n)*.*)$/m.exec(text) ?? []
  return Object.fromEntries([...said.matchAll(/(\w+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value]))
}

/** Only who listens asks for these, though the image says them to all. */
const forListeners = ["HOST", "PORT", "MANAGEMENT_HOST", "MANAGEMENT_PORT"]

const isTask = ({ resource }: Pick<DeployedProgram, "resource">): boolean =>
  resource.type === "AWS::ECS::TaskDefinition"

/** What the templates and the image say to a program. */
const saidTo = (program: DeployedProgram): Readonly<Record<string, string>> => ({
  ...(isTask(program) ? imageEnvironment() : {}),
  ...program.environment,
  ...program.secrets
})

/** All that a program finds in its environment. */
const environmentOf = (program: DeployedProgram): Readonly<Record<string, string>> => ({
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html: reserved, no template may set it.
  ...(isTask(program) ? {} : { AWS_REGION: "eu-central-1" }),
  ...saidTo(program)
})

/** Variables that a program's settings don't ask for, and who does. */
const notAsked = (program: DeployedProgram): ReadonlyArray<string> => [
  ...(isTask(program) ? ["NODE_ENV"] : []),
  ...(program.name === "ops" ? forListeners : []),
  // It is asked for with each token that Postgres is come to with.
  ...(program.name === "query-service" ? ["AWS_REGION"] : [])
]

/** Variables that a deployment leaves at their defaults, and why these are right. */
const leftOut: Readonly<Record<string, ReadonlyArray<string>>> = {
  // AWS is where the SDK looks by itself.
  DYNAMODB_ENDPOINT: ["command-service", "projector", "inbox", "ops"],
  // The keys are discovered from the issuer.
  TOKEN_JWKS_URL: ["command-service", "query-service"],
  // CloudWatch's metric filters read JSON.
  LOG_FORMAT: ["command-service", "query-service", "projector", "inbox", "migration", "ops"],
  // Amazon's own authority, which ElastiCache's certificates come from, is one of the public ones.
  REDIS_CA_FILE: ["command-service", "query-service", "projector", "ops"],
  // The gateway answers preflights by itself, and sets the answers' headers whatever a service says.
  CORS_ALLOWED_ORIGINS: ["command-service", "query-service"],
  // A secret that the function reads says both.
  REDIS_USERNAME: ["projector"],
  REDIS_PASSWORD: ["projector"],
  // Read along with the events' table, and used for nothing.
  INBOX_TABLE: ["projector", "ops"],
  // A function works on one batch at a time, on one connection, and the migration is one.
  DATABASE_MAX_CONNECTIONS: ["projector", "migration"],
  // The owner comes with the password of the secret.
  DATABASE_AUTHENTICATION: ["migration"],
  // One trace in ten or so tells enough.
  OTEL_TRACES_SAMPLER_ARG: ["command-service", "query-service"],
  // How many may wait is a matter of memory, and a thousand waiters are a few megabytes.
  MAX_WAITERS: ["query-service"],
  MAX_WAITERS_PER_CALLER: ["query-service"]
}

const hasCollector = ({ resource }: DeployedProgram): boolean =>
  isTask({ resource }) && decodeTask(resource.properties).ContainerDefinitions.some(({ Name }) => Name === "collector")

/** What a program asks for and isn't told. Traces go nowhere where there is no collector. */
const untold = (program: DeployedProgram): ReadonlyArray<string> => [
  ...Object.entries(leftOut).flatMap(([variable, by]) => by.includes(program.name) ? [variable] : []),
  ...(program.name.endsWith("-service") && !hasCollector(program) ? ["OTEL_EXPORTER_OTLP_ENDPOINT"] : [])
]

/** A value as it may look once AWS has filled in what only it knows. */
const filledIn = (value: string): string =>
  value.replaceAll(/<([^>]*)>/g, (_marker, name: string) => {
    if (name.endsWith("Port")) return "5432"
    if (name.endsWith("Address")) return "host.example.internal"
    return name.endsWith("Arn") || name.endsWith("Secret")
      ? "arn:aws:secretsmanager:eu-central-1:123456789012:secret:it-AbCdEf"
      : name
  })

describe.each(deployments)("Of %s, the environment", (_name, deployment) => {
  const programs = programsOf(deployment)

  it("is that of every program that is deployed", () => {
    assert.deepStrictEqual(programs.map(({ name }) => name).toSorted(), Object.keys(readers).toSorted())
  })

  describe.each(programs.map((program) => [program.name, program] as const))("of %s", (_name, program) => {
    it.effect("says nothing that the program doesn't know", () =>
      Effect.gen(function*() {
        const known = (yield* askedSettings(readerOf(program))).map(({ variable }) => variable)
        const said = Object.keys(saidTo(program))
        assert.deepStrictEqual(
          said.filter((variable) => !known.includes(variable)).toSorted(),
          [
            ...notAsked(program)
          ].toSorted()
        )
      }))

    it.effect("says all that the program asks for, but for what is right by itself", () =>
      Effect.gen(function*() {
        const asked = (yield* askedSettings(readerOf(program))).map(({ variable }) => variable)
        const said = environmentOf(program)
        assert.deepStrictEqual(
          [...new Set(asked)].filter((variable) => !(variable in said)).toSorted(),
          [...untold(program)].toSorted()
        )
      }))

    it.effect("is accepted by the program", () =>
      Effect.gen(function*() {
        const values = Object.fromEntries(
          Object.entries(environmentOf(program)).map(([variable, value]) => [variable, filledIn(value)])
        )
        yield* Effect.provideService(
          readerOf(program),
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromUnknown(values)
        )
      }))
  })
})
