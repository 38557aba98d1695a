import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { assertRefused } from "./assertRefused.ts"
import { patience, run } from "./program.ts"
import { takenPort } from "./takenPort.ts"

const issuer = { TOKEN_ISSUER: "a", TOKEN_AUDIENCE: "b", TOKEN_JWKS_URL: "http://127.0.0.1:1/keys" }
const readSide = { DATABASE_URL: "postgres://a@127.0.0.1:1/a", REDIS_URL: "redis://127.0.0.1:1" }

describe("A service that is asked for help", () => {
  it.live("says what may be set, and takes no other argument", () =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* run("query-service.ts", {}, ["--help"])
      assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
      assert.match(stdout, /^The query service\. Its settings come from the environment/)
      assert.match(stdout, /^ {2}DATABASE_URL +the URL of a Postgres database.* \(needed\)$/m)
      assertRefused(yield* run("query-service.ts", {}, ["--port=80"]), /^This program takes no arguments but --help/)
    }), patience)
})

describe("A service refuses to start, with a sentence and 1", () => {
  it.live("without a setting that it needs", () =>
    Effect.gen(function*() {
      assertRefused(yield* run("command-service.ts", {}), /^TOKEN_ISSUER must be the issuer/)
      assertRefused(
        yield* run("query-service.ts", { ...issuer, REDIS_URL: readSide.REDIS_URL }),
        /^DATABASE_URL must be/
      )
    }), patience)

  it.live("on a port that is in use, be it that of its management", () =>
    Effect.gen(function*() {
      const taken = yield* takenPort
      const free = { ...issuer, PORT: "0", MANAGEMENT_PORT: "0" }
      assertRefused(
        yield* run("command-service.ts", { ...free, REDIS_URL: readSide.REDIS_URL, PORT: taken }),
        /port is in use/
      )
      assertRefused(yield* run("query-service.ts", { ...free, ...readSide, MANAGEMENT_PORT: taken }), /port is in use/)
    }), patience)
})
