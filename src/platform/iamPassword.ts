import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { makeIamToken } from "./iamToken.ts"
import { requiredSetting, SettingRefused } from "./settings.ts"

const refused = (message: string) => new SettingRefused({ variable: "DATABASE_AUTHENTICATION", message })

/**
 * A password that is a new IAM token each time it is asked for. The region comes from `AWS_REGION`, the user and the host
 * from the URL; without the authorities' certificates, the token could be read on its way, so they are demanded.
 */
export const iamPassword = (
  url: Redacted.Redacted,
  caFile: string | undefined
): Effect.Effect<{ readonly password: Effect.Effect<Redacted.Redacted> }, SettingRefused> =>
  Effect.gen(function*() {
    const region = yield* requiredSetting("AWS_REGION", Config.NonEmptyString, "an AWS region, such as eu-central-1")
    const place = yield* Effect.try({
      try: () => new URL(Redacted.value(url)),
      catch: () => refused("DATABASE_URL must be the URL of a Postgres database.")
    })
    const user = decodeURIComponent(place.username)
    if (user === "") return yield* refused("DATABASE_URL must name the user that IAM authenticates.")
    if (caFile === undefined) {
      return yield* refused("DATABASE_AUTHENTICATION=iam needs TLS: name the certificates of RDS in DATABASE_CA_FILE.")
    }
    const port = place.port === "" ? 5432 : Number(place.port)
    return {
      // The client's hook can't fail: it connects without a password then, is refused, and the log says why.
      password: makeIamToken({ host: place.hostname, port, region, user }).pipe(
        Effect.tapError((error) => Effect.logWarning(error.message)),
        Effect.orElseSucceed(() => Redacted.make(""))
      )
    }
  })
