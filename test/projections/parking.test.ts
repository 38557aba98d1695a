import { it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { parking, parksOnly, secret } from "../contract/parking.ts"
import { describeEngines } from "../engines/databases.ts"
import { commit, posted, stream } from "../support/encodedCommits.ts"
import { projectorOn } from "../support/projection.ts"

describeEngines("An event that can't be projected", (engine) => {
  it.layer(projectorOn(engine))((it) => {
    parking(it)

    it.effect("is one that the database refuses, and its text isn't in the cause", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const refuse = sql`ALTER TABLE comments ADD CONSTRAINT no_secrets CHECK (text NOT LIKE 'what nobody%')`
        yield* Effect.acquireUseRelease(
          refuse,
          () => parksOnly([], commit(stream(1), 1, posted(secret)), /^SQLSTATE 23514 \(no_secrets\)$/),
          () => sql`ALTER TABLE comments DROP CONSTRAINT no_secrets`
        )
      }))
  })
})
