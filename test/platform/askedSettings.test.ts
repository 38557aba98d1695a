import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { askedSettings } from "../../src/platform/askedSettings.ts"
import { readCommandServiceSettings } from "../../src/platform/CommandServiceSettings.ts"
import { readQueryServiceSettings } from "../../src/platform/QueryServiceSettings.ts"
import type { SettingRefused } from "../../src/platform/settings.ts"
import { readStackSettings } from "../../src/platform/StackSettings.ts"
import { readStandaloneSettings } from "../../src/platform/StandaloneSettings.ts"

const readFrom = <A, E>(read: Effect.Effect<A, E>, environment: Readonly<Record<string, string>>) =>
  Effect.provideService(read, ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment))

const needed = {
  TOKEN_ISSUER: "https://issuer.example",
  TOKEN_AUDIENCE: "b",
  DATABASE_URL: "postgres://host/database",
  REDIS_URL: "rediss://host"
}

const readers: ReadonlyArray<Effect.Effect<unknown, SettingRefused>> = [
  readStandaloneSettings,
  readStackSettings,
  readCommandServiceSettings,
  readQueryServiceSettings
]

describe("What a program asks the environment for", () => {
  it.effect("has defaults that mean the same when they are written down", () =>
    Effect.gen(function*() {
      for (const read of readers) {
        const asked = yield* askedSettings(read)
        const defaults = Object.fromEntries(
          asked.flatMap(({ fallback, variable }) => fallback === null || fallback === "" ? [] : [[variable, fallback]])
        )
        assert.isAbove(Object.keys(defaults).length, 4)
        const left = yield* readFrom(read, needed)
        assert.deepStrictEqual(yield* readFrom(read, { ...defaults, ...needed }), left)
      }
    }))

  it.effect("is needed exactly where the program can't start without it", () =>
    Effect.gen(function*() {
      for (const read of readers) {
        for (const { expected, fallback, variable } of yield* askedSettings(read)) {
          const others = Object.fromEntries(Object.entries(needed).filter(([name]) => name !== variable))
          const without = Effect.asVoid(readFrom(read, others))
          if (fallback !== null) yield* without
          else assert.strictEqual((yield* Effect.flip(without)).message, `${variable} must be ${expected}.`)
        }
      }
    }))
})
