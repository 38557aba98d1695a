import { assert, describe, it } from "@effect/vitest"
import { Sha256 } from "@smithy/core/checksum"
import { SignatureV4 } from "@smithy/signature-v4"
import { DateTime, Effect, Redacted, Schema } from "effect"
import { presign, type PresignedRequest } from "../../src/platform/presign.ts"

// What may stand in a query, in a name or in a value, and what AWS may put into a secret or a session's token.
const text = Schema.String.check(Schema.isPattern(/^[ -~äß€]{1,20}$/u))
const Cases = {
  query: Schema.Record(Schema.String.check(Schema.isPattern(/^[A-Za-z][A-Za-z-]{0,9}$/)), text),
  secretAccessKey: text,
  sessionToken: Schema.UndefinedOr(text),
  seconds: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_000_000_000 })),
  expiresIn: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 604_800 }))
}

describe("A presigned request", () => {
  it.effect.prop(
    "is what AWS's own library makes",
    Cases,
    ({ expiresIn, query, secretAccessKey, seconds, sessionToken }) =>
      Effect.gen(function*() {
        const now = DateTime.makeUnsafe(seconds * 1000)
        const request: PresignedRequest = {
          service: "rds-db",
          region: "eu-central-1",
          host: "db.x:5432",
          query,
          expiresIn
        }
        const credentials = {
          accessKeyId: "AKID",
          secretAccessKey,
          ...(sessionToken === undefined ? {} : { sessionToken })
        }
        const redacted = {
          accessKeyId: "AKID",
          secretAccessKey: Redacted.make(secretAccessKey),
          ...(sessionToken === undefined ? {} : { sessionToken: Redacted.make(sessionToken) })
        }
        const signer = new SignatureV4({ service: "rds-db", region: "eu-central-1", credentials, sha256: Sha256 })
        const signed = yield* Effect.promise(() =>
          signer.presign(
            {
              method: "GET",
              protocol: "https:",
              hostname: "db.x",
              port: 5432,
              path: "/",
              query: { ...query },
              headers: { host: "db.x:5432" }
            },
            { expiresIn, signingDate: DateTime.toDateUtc(now) }
          )
        )
        const url = new URL(`https://${presign(request, redacted, now)}`)
        assert.strictEqual(url.host, "db.x:5432")
        assert.deepStrictEqual(Object.fromEntries(url.searchParams), { ...signed.query })
      })
  )
})
