import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { askedSettings } from "../../src/platform/askedSettings.ts"
import { parseRateLimit, readRateLimits } from "../../src/platform/rateLimitSettings.ts"
import { readTemplate } from "./template.ts"

const parameters = [
  ["RateLimitCommands", "RATE_LIMIT_COMMANDS"],
  ["RateLimitQueries", "RATE_LIMIT_QUERIES"]
] as const

const found = (["template", "services"] as const).flatMap((template) =>
  parameters.map(([name, variable]) => {
    const parameter = readTemplate(template).Parameters?.[name] ?? assert.fail(`${template} has no ${name}`)
    return { template, name, variable, parameter }
  })
)
const [first] = found
assert(first !== undefined)
const pattern = new RegExp(first.parameter.AllowedPattern ?? "^$")

describe("The limits that a deployment may choose", () => {
  it.effect("are by default the programs' own, in one form in all templates", () =>
    Effect.gen(function*() {
      const asked = yield* askedSettings(readRateLimits)
      for (const { name, parameter, template, variable } of found) {
        const { fallback } = asked.find((setting) => setting.variable === variable) ?? assert.fail(variable)
        assert.strictEqual(parameter.Default, fallback, `${template}.${name}`)
        assert.strictEqual(parameter.AllowedPattern, pattern.source, `${template}.${name}`)
      }
    }))

  it("are taken by the programs, whatever they are: no deployment fails half-way because of one", () => {
    const bursts = [0, 1, 9, 10, 999_999, 1_000_000, 1_000_001]
    const times = [0, 1, 2, 24, 25, 99, 100, 999, 1000, 1440, 1441, 9999, 10_000, 86_400, 86_401]
    const units = ["millis", "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week"]
    const said = bursts.flatMap((burst) => times.flatMap((time) => units.map((unit) => `${burst} per ${time} ${unit}`)))
    const allowed = said.filter((limit) => pattern.test(limit))
    assert.isAbove(allowed.length, 100)
    assert.deepStrictEqual(allowed.filter((limit) => Option.isNone(parseRateLimit(limit))), [])
  })

  it.each(["off", "1 per 1 second", "20 per 1 minute", "1000000 per 1 day", "300 per 24 hours"])(
    "may be %j",
    (limit) => {
      assert.match(limit, pattern)
    }
  )

  it.each(["", "10", "0 per 1 hour", "1000001 per 1 hour", "10 per hour", "10 per 25 hours", "10 per 1 week", "Off"])(
    "may not be %j",
    (limit) => {
      assert.notMatch(limit, pattern)
    }
  )
})
