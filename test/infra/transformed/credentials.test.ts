import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { authoritiesFile } from "../../../src/programs/build/authorities.ts"
import { logins } from "../../../src/queries/logins.ts"
import { type DeployedProgram, programsOf, resourcesOf } from "../programs.ts"
import { deployments } from "./deployments.ts"

/** The user of the cache as which each program comes. */
const cacheUsers: Readonly<Record<string, string>> = {
  "command-service": "command",
  "query-service": "query",
  "projector": "projector",
  "ops": "ops"
}

/** The login at the database as which each program comes; the migration's stands in the owner's secret. */
const databaseLogins: Readonly<Record<string, string>> = {
  "query-service": "query_service",
  "projector": "projector",
  "ops": "ops",
  "migration": ""
}

/** The secret for the cache, by whichever way a program gets it. */
const cacheSecret = ({ environment, secrets }: DeployedProgram): string | undefined =>
  environment["REDIS_PASSWORD_SECRET"] ?? secrets["REDIS_PASSWORD"]?.replace(/:password::$/, "")

const Secret = Schema.Struct({
  GenerateSecretString: Schema.Struct({
    SecretStringTemplate: Schema.fromJsonString(Schema.Struct({ username: Schema.String }))
  })
})
const User = Schema.Struct({
  UserName: Schema.String,
  AuthenticationMode: Schema.Struct({ Type: Schema.Literal("password"), Passwords: Schema.Array(Schema.String) })
})
const Task = "AWS::ECS::TaskDefinition"

describe.each(deployments)("Of %s, the credentials", (_name, deployment) => {
  const programs = programsOf(deployment)
  const withVariable = (variable: string) => programs.filter(({ environment }) => variable in environment)
  const users = resourcesOf(deployment, "AWS::ElastiCache::User").map(({ properties }) =>
    Schema.decodeUnknownSync(User)(properties)
  )

  it("for the cache are a user of its own for each program, whose password is in the secret that it gets", () => {
    const found = withVariable("REDIS_URL").map((program) => {
      const secret = cacheSecret(program) ?? ""
      const resource = resourcesOf(deployment, "AWS::SecretsManager::Secret").find(({ name, stack }) =>
        secret === `<${stack}.${name}>`
      )
      const { username } =
        Schema.decodeUnknownSync(Secret)(resource?.properties).GenerateSecretString.SecretStringTemplate
      const user = users.find(({ UserName }) => UserName === username)
      assert.include(
        user?.AuthenticationMode.Passwords ?? [],
        `{{resolve:secretsmanager:${secret}:SecretString:password}}`
      )
      return [program.name, username]
    })
    assert.deepStrictEqual(Object.fromEntries(found), cacheUsers)
  })

  it("for the cache come with the name and the password of one secret", () => {
    for (const { secrets } of programs.filter(({ resource }) => resource.type === Task)) {
      const secret = secrets["REDIS_PASSWORD"]?.replace(/password::$/, "username::")
      assert.strictEqual(secrets["REDIS_USERNAME"], secret)
    }
  })

  it("for the database are a login for each program, which the migration makes", () => {
    const found = withVariable("DATABASE_URL").map(({ environment, name }) => {
      const [, login = ""] = /^postgres:\/\/(?:([^@:/]*)@)?</.exec(environment["DATABASE_URL"] ?? "") ?? []
      return [name, login]
    })
    assert.deepStrictEqual(Object.fromEntries(found), databaseLogins)
    const made = logins.map(({ login }) => login)
    assert.sameMembers(Object.values(databaseLogins).filter((login) => login !== ""), made)
  })

  it("of the database's owner are the migration's alone", () => {
    const master = String(deployment.get("Data")?.output("MasterSecretArn"))
    const holders = programs.filter(({ environment, secrets }) =>
      [...Object.values(environment), ...Object.values(secrets)].some((value) => value.startsWith(master))
    )
    assert.deepStrictEqual(holders.map(({ name }) => name), ["migration"])
  })

  it("go over TLS that is verified: by the authorities beside the program, and by the public ones", () => {
    for (const { environment, resource } of withVariable("DATABASE_URL")) {
      const folder = resource.type === Task ? "/app" : "/var/task"
      assert.strictEqual(environment["DATABASE_CA_FILE"], `${folder}/${authoritiesFile}`)
      assert.notInclude(environment["DATABASE_URL"], "sslmode")
    }
    for (const { environment } of withVariable("REDIS_URL")) {
      assert.match(environment["REDIS_URL"] ?? "", /^rediss:\/\/</)
    }
  })

  it("are in no variable that anybody who looks at a function or a task sees", () => {
    for (const { environment } of programs) {
      for (const [variable, value] of Object.entries(environment)) {
        assert.notMatch(value, /\{\{resolve:|:\/\/[^/@]*:[^/@]*@/, variable)
        assert.notMatch(variable, /PASSWORD$/)
      }
    }
  })

  it("are needed for no trace: it goes to the collector in the same task", () => {
    const told = withVariable("OTEL_EXPORTER_OTLP_ENDPOINT")
    for (const { environment, resource } of told) {
      const address = (environment["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "").replace("http://", "")
      assert.match(address, /^127\.0\.0\.1:\d+$/)
      assert.include(JSON.stringify(resource.properties["ContainerDefinitions"]), `endpoint: ${address}`)
    }
  })
})
