import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { DynamoDbSettings } from "./DynamoDb.ts"
import { requiredSetting, setting, wholeNumber } from "./settings.ts"

/** Reads a variable that may be left out. */
export const optional = (variable: string, config: (variable: string) => Config.Config<string>, expected: string) =>
  Effect.map(
    setting(variable, (name) => Config.map(config(name), Option.some), Option.none<string>(), expected),
    Option.getOrUndefined
  )

const optionalSecret = (variable: string, expected: string) =>
  Effect.map(
    optional(variable, Config.NonEmptyString, expected),
    (secret) => secret === undefined ? undefined : Redacted.make(secret)
  )

const url = (schemes: RegExp) => (name: string): Config.Config<string> =>
  Config.schema(Schema.String.check(Schema.isPattern(schemes)), name)

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
const tableName = (name: string): Config.Config<string> =>
  Config.schema(Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_.-]{3,255}$/)), name)

const tableExpected = "the name of a DynamoDB table: 3 to 255 letters, digits, and . _ -"

/** DynamoDB, from `DYNAMODB_ENDPOINT` and `AWS_REGION`. Credentials are found as the SDK always does. */
export const readDynamoDb = Effect.gen(function*() {
  const endpoint = yield* optional(
    "DYNAMODB_ENDPOINT",
    url(/^https?:\/\/\S+$/),
    "the http or https URL of an engine that speaks DynamoDB's protocol; leave it out on AWS"
  )
  const region = yield* optional("AWS_REGION", Config.NonEmptyString, "an AWS region, such as eu-central-1")
  const settings: DynamoDbSettings = {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region })
  }
  return settings
})

/** The tables' names, from `EVENTS_TABLE` and `INBOX_TABLE`. */
export const readTables = Effect.gen(function*() {
  return {
    events: yield* setting("EVENTS_TABLE", tableName, "marginalia-events", tableExpected),
    inbox: yield* setting("INBOX_TABLE", tableName, "marginalia-inbox", tableExpected)
  }
})

/** What the environment says about the server of the read model. */
export interface DatabaseSettings {
  readonly url: Redacted.Redacted
  readonly maxConnections: number
  /** A file with the certificates of the authorities that the server's certificate may come from, in PEM. */
  readonly caFile: string | undefined
  /** Whether each connection asks for a fresh IAM token in place of a password. */
  readonly iam: boolean
}

/** Postgres, from `DATABASE_URL`, `DATABASE_MAX_CONNECTIONS`, `DATABASE_CA_FILE` and `DATABASE_AUTHENTICATION`. */
export const readDatabase = Effect.gen(function*() {
  const settings: DatabaseSettings = {
    url: Redacted.make(
      yield* requiredSetting(
        "DATABASE_URL",
        url(/^postgres(?:ql)?:\/\/\S+$/),
        "the URL of a Postgres database, such as postgres://user:password@host:5432/marginalia",
        "postgres://host"
      )
    ),
    maxConnections: yield* setting(
      "DATABASE_MAX_CONNECTIONS",
      (name) => Config.schema(wholeNumber(1000).check(Schema.isGreaterThanOrEqualTo(1)), name),
      10,
      "a whole number from 1 to 1000"
    ),
    caFile: yield* optional("DATABASE_CA_FILE", Config.NonEmptyString, "a file with certificates in PEM"),
    iam: (yield* setting(
      "DATABASE_AUTHENTICATION",
      (name) => Config.schema(Schema.Literals(["password", "iam"]), name),
      "password",
      "password or iam"
    )) === "iam"
  }
  return settings
})

/** What the environment says about Redis. */
export interface RedisSettings {
  /** `redis://` or, with TLS, `rediss://`; user and password are of Redis' ACL. */
  readonly url: Redacted.Redacted
  /** In place of the URL's user. */
  readonly username?: string | undefined
  /** In place of the URL's password. */
  readonly password?: Redacted.Redacted | undefined
  /** Whether it is a cluster, of which the URL names one node. */
  readonly cluster: boolean
  /** As for Postgres. */
  readonly caFile: string | undefined
}

/** Redis, from `REDIS_URL`, `REDIS_USERNAME`, `REDIS_PASSWORD`, `REDIS_MODE` and `REDIS_CA_FILE`. */
export const readRedis = Effect.gen(function*() {
  const settings: RedisSettings = {
    url: Redacted.make(
      yield* requiredSetting(
        "REDIS_URL",
        url(/^rediss?:\/\/\S+$/),
        "the URL of a Redis server, such as redis://user:password@host:6379, or rediss:// with TLS",
        "redis://host"
      )
    ),
    username: yield* optional("REDIS_USERNAME", Config.NonEmptyString, "a user of Redis' ACL, in place of the URL's"),
    password: yield* optionalSecret("REDIS_PASSWORD", "the password of that user, in place of the URL's"),
    cluster: (yield* setting(
      "REDIS_MODE",
      (name) => Config.schema(Schema.Literals(["single", "cluster"]), name),
      "single",
      "single or cluster"
    )) === "cluster",
    caFile: yield* optional("REDIS_CA_FILE", Config.NonEmptyString, "a file with certificates in PEM")
  }
  return settings
})
