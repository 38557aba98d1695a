import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { services } from "../../src/programs/build/bundleServices.ts"
import { ask } from "../engines/ask.ts"
import { developmentTokens } from "../http/developmentTokens.ts"
import { patience, run, start } from "./program.ts"

// Nobody is there.
const away = "http://127.0.0.1:1"
const settings = {
  PORT: "0",
  MANAGEMENT_PORT: "0",
  COMMAND_SERVICE_URL: away,
  QUERY_SERVICE_URL: away,
  READINESS_URLS: `${away}/health/ready`,
  LOG_LEVEL: "warn"
}

const get = (url: string) => HttpClient.get(url).pipe(Effect.provide(FetchHttpClient.layer))

const decodeKeys = Schema.decodeUnknownSync(Schema.Struct({ keys: Schema.NonEmptyArray(Schema.Unknown) }))

describe("The entry point of containers", () => {
  it.live(
    "issues tokens and publishes their keys, and says that what is behind it is away",
    () =>
      Effect.gen(function*() {
        const entry = yield* start("entry.ts", settings)
        const said = yield* entry.printed(/keys of its tokens are at http:\S+\.\n/)
        const url = /listens on (http:[^\s,]+)/.exec(said)?.[1] ?? ""
        const token = yield* (yield* developmentTokens(url))("ana", "comments:write")
        assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/)
        const keys = yield* get(/keys of its tokens are at (http:\S+)\.\n/.exec(said)?.[1] ?? "")
        assert.lengthOf(decodeKeys(yield* keys.json).keys, 1)
        assert.strictEqual((yield* get(`${url}/health/ready`)).status, 503)
        assert.strictEqual((yield* get(`${url}/comment-counts?pictureId=p`)).status, 503)
        yield* entry.kill("SIGTERM")
        assert.strictEqual((yield* entry.ended).code, 0)
      }).pipe(Effect.scoped),
    patience
  )

  it.live("is refused without the services that it stands before, by a sentence", () =>
    Effect.gen(function*() {
      const { code, stderr } = yield* run("entry.ts", { ...settings, QUERY_SERVICE_URL: "nowhere" })
      assert.strictEqual(code, 1)
      assert.match(stderr, /^QUERY_SERVICE_URL must be the http or https URL of a service\.$/m)
    }), patience)
})

const execute = (file: string, ...args: ReadonlyArray<string>) =>
  Effect.callback<{ readonly code: number; readonly said: string }>((resume) => {
    execFile(process.execPath, [file, ...args], { env: {} }, (error, stdout, stderr) => {
      resume(Effect.succeed({ code: error === null ? 0 : Number(error.code), said: `${stdout}${stderr}` }))
    })
  })

describe("What the container image holds", () => {
  it.live("runs alone, without any package", () =>
    Effect.gen(function*() {
      const folder = yield* ask("services")
      for (const name of services) {
        const file = join(folder, `${name}.mjs`)
        assert.isTrue(existsSync(file))
        const help = yield* execute(file, "--help")
        assert.strictEqual(help.code, 0, help.said)
        assert.match(help.said, name === "ops" ? /One-off tasks for operators/ : /LOG_LEVEL/)
      }
      const refused = yield* execute(join(folder, "query-service.mjs"))
      assert.strictEqual(refused.code, 1)
      assert.match(refused.said, /^TOKEN_ISSUER must be/m)
    }), patience)
})
