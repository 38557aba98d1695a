import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { loggable } from "./loggable.ts"

/** A secret can't be had, or isn't what it should be. The message is a sentence without anything of what is secret. */
export class SecretUnreadable extends Schema.TaggedError<SecretUnreadable>()("SecretUnreadable", {
  /** The variable that names the secret. */
  variable: Schema.String,
  message: Schema.String
}) {}

/** A user, and the password that it comes with. */
export interface Credentials {
  readonly username: string
  readonly password: Redacted.Redacted
}

const Secret = Schema.fromJsonString(
  Schema.Struct({ username: Schema.NonEmptyString, password: Schema.NonEmptyString })
)
const decodeSecret = Schema.decodeUnknownEffect(Secret)

/** For each of two tries. Without the last, the SDK only warns of a request that takes longer. */
const patience = { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true }

/** For all of it, since the SDK is the runtime's, and no limit of its is about the whole answer. */
const longest = Duration.seconds(6)

const reasonOf = (error: unknown): string => String(loggable(error))

/**
 * Reads the current version of a secret of Secrets Manager, `{"username": …, "password": …}`.
 *
 * Region and credentials are found as the SDK always does. Nothing is remembered: who asks again sees a rotated secret.
 *
 * @param variable the variable that the secret's name comes from, for the message
 * @param secret the secret's name or ARN
 */
export const readCredentials = Effect.fn("readCredentials")(function*(variable: string, secret: string) {
  const unreadable = (why: string) =>
    new SecretUnreadable({ variable, message: `The secret ${secret}, which ${variable} names, ${why}.` })
  const { SecretString } = yield* Effect.acquireUseRelease(
    Effect.sync(() => new SecretsManagerClient({ maxAttempts: 2, requestHandler: patience })),
    (client) =>
      Effect.tryPromise({
        try: (abortSignal) => client.send(new GetSecretValueCommand({ SecretId: secret }), { abortSignal }),
        catch: (error) => unreadable(`can't be read: ${reasonOf(error)}`)
      }),
    (client) => Effect.sync(() => client.destroy())
  ).pipe(Effect.timeoutOrElse({
    duration: longest,
    orElse: () => Effect.fail(unreadable(`can't be read: nobody answers within ${Duration.toSeconds(longest)} seconds`))
  }))
  // Not with the decoder's reason, which may quote what it decodes.
  const { password, username } = yield* Effect.mapError(
    decodeSecret(SecretString),
    () => unreadable("isn't a JSON object with the strings username and password")
  )
  return { username, password: Redacted.make(password) } satisfies Credentials
})
