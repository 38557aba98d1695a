import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

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

/**
 * A token in place of a password, as RDS wants it: a presigned request without its scheme, good for 15 minutes.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 *
 * The AWS SDK is loaded when the first token is made, and finds credentials as it always does.
 */
export const makeIamToken = ({ host, port, region, user }: IamUser): Effect.Effect<Redacted.Redacted, IamTokenError> =>
  Effect.tryPromise({
    try: async () => {
      const [{ SignatureV4 }, { Sha256 }, { defaultProvider }] = await Promise.all([
        import("@smithy/signature-v4"),
        import("@smithy/core/checksum"),
        import("@aws-sdk/credential-provider-node")
      ])
      const signer = new SignatureV4({ service: "rds-db", region, credentials: defaultProvider(), sha256: Sha256 })
      const { query = {} } = await signer.presign({
        method: "GET",
        protocol: "https:",
        hostname: host,
        port,
        path: "/",
        query: { Action: "connect", DBUser: user },
        headers: { host: `${host}:${port}` }
      }, { expiresIn: 900 })
      const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
      return Redacted.make(`${host}:${port}/?${parameters.join("&")}`)
    },
    catch: (cause) => new IamTokenError({ cause })
  })
