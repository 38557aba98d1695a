import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
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

  it.effect.prop(
    "are taken by the programs, whatever they are: no deployment fails half-way because of one",
    { limit: Schema.String.check(Schema.isPattern(pattern)) },
    ({ limit }) => Effect.sync(() => assert.isTrue(Option.isSome(parseRateLimit(limit)), limit))
  )

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
