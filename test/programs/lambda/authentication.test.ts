import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { describePostgres } from "../../engines/databases.ts"
import { makeCertificates } from "../../support/certificates.ts"
import { commit, posted, stream } from "../../support/encodedCommits.ts"
import { emptyReadModel, foldReadModel, readModel } from "../../support/readModel.ts"
import { recordsOf } from "../../support/streamRecords.ts"
import { makeTokenServer } from "../../support/tokenServer.ts"
import { projectorSurroundings, runProjector, Surroundings } from "./projectorLambda.ts"

const region = "eu-central-1"
const log = [commit(stream(1), 1, posted("one"))]

/** What Lambda gives a function whose database authenticates by IAM; the credentials are the ones of its role. */
const authenticating = Effect.gen(function*() {
  const { environment } = yield* Surroundings
  const certificates = yield* makeCertificates
  const database = new URL(environment["DATABASE_URL"] ?? "")
  const place = { host: database.hostname, port: Number(database.port) }
  const server = yield* makeTokenServer(place, certificates, { region, secret: "the role's" })
  database.port = String(server.port)
  database.password = ""
  return {
    server,
    environment: {
      DATABASE_URL: database.href,
      DATABASE_AUTHENTICATION: "iam",
      DATABASE_CA_FILE: certificates.authority,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: "AKID",
      AWS_SESSION_TOKEN: "a/session+token=="
    }
  }
})

describePostgres("The projector's Lambda, where IAM authenticates", () => {
  it.layer(projectorSurroundings)((it) => {
    it.effect("shows the database a token that its role's credentials have signed, without the SDK", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const { environment, server } = yield* authenticating
        const { failed } = yield* runProjector({ ...environment, AWS_SECRET_ACCESS_KEY: "the role's" })
        assert.deepStrictEqual(yield* failed(recordsOf(log)), [])
        assert.deepStrictEqual(yield* readModel, foldReadModel(log))
        assert.include(server.tokens[0], "X-Amz-Security-Token=")
      }).pipe(Effect.scoped))

    it.effect("asks for the batch again while its tokens are refused", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const { environment } = yield* authenticating
        const { failed } = yield* runProjector({ ...environment, AWS_SECRET_ACCESS_KEY: "another role's" })
        const records = recordsOf(log)
        assert.deepStrictEqual(yield* failed(records), records.map(({ dynamodb }) => dynamodb.SequenceNumber))
        assert.deepStrictEqual(yield* readModel, foldReadModel([]))
      }).pipe(Effect.scoped))
  })
})
