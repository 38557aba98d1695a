import * as Config from "effect/Config"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { type AwsCredentials, presign } from "./presign.ts"

/** No token could be made, mostly because there are no credentials. */
export class IamTokenError extends Schema.TaggedError<IamTokenError>()("IamTokenError", {
  cause: Schema.Defect()
}) {
  override get message(): string {
    return `No IAM token for the database: ${this.cause instanceof Error ? this.cause.message : String(this.cause)}`
  }
}

/** Who connects to which database server of RDS. */
export interface IamUser {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly region: string
}

const optional = (variable: string) => Config.option(Config.NonEmptyString(variable))
const secret = (variable: string) => Config.map(optional(variable), Option.map((secret) => Redacted.make(secret)))

// A Lambda's environment has its role's credentials, and its runtime isn't sure to have the SDK's provider of them.
const fromEnvironment = Effect.all({
  accessKeyId: optional("AWS_ACCESS_KEY_ID"),
  secretAccessKey: secret("AWS_SECRET_ACCESS_KEY"),
  sessionToken: secret("AWS_SESSION_TOKEN")
}).pipe(
  Effect.map(({ accessKeyId, secretAccessKey, sessionToken }) =>
    Option.map(
      Option.all([accessKeyId, secretAccessKey]),
      ([accessKeyId, secretAccessKey]): AwsCredentials => ({
        accessKeyId,
        secretAccessKey,
        sessionToken: Option.getOrUndefined(sessionToken)
      })
    )
  )
)

/** Whoever else the SDK takes us for: a task's role, or a developer. */
const fromSdk = Effect.tryPromise(async (): Promise<AwsCredentials> => {
  const { defaultProvider } = await import("@aws-sdk/credential-provider-node")
  const { accessKeyId, secretAccessKey, sessionToken } = await defaultProvider()()
  return {
    accessKeyId,
    secretAccessKey: Redacted.make(secretAccessKey),
    ...(sessionToken === undefined ? {} : { sessionToken: Redacted.make(sessionToken) })
  }
})

const credentials = Effect.flatMap(fromEnvironment, Option.match({ onNone: () => fromSdk, onSome: Effect.succeed }))

/**
 * A token in place of a password, as RDS wants it: a presigned request without its scheme, good for 15 minutes.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
export const makeIamToken = Effect.fn("makeIamToken")(
  function*({ host, port, region, user }: IamUser) {
    const request = {
      service: "rds-db",
      region,
      host: `${host}:${port}`,
      query: { Action: "connect", DBUser: user },
      expiresIn: 900
    }
    return Redacted.make(presign(request, yield* credentials, yield* DateTime.now))
  },
  Effect.mapError((cause) => new IamTokenError({ cause }))
)
