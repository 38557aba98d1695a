import { assert, describe, it } from "@effect/vitest"
import { isObject } from "./intrinsics.ts"
import { type Json, readTemplate, templateNames } from "./template.ts"

/** All that stands under a name, anywhere in a template. */
const valuesOf = (name: string, json: Json): ReadonlyArray<Json> => {
  if (Array.isArray(json)) return json.flatMap((one) => valuesOf(name, one))
  if (!isObject(json)) return []
  return Object.entries(json).flatMap(([key, value]) => [...(key === name ? [value] : []), ...valuesOf(name, value)])
}

const everywhere = (name: string) =>
  templateNames.flatMap((template) =>
    valuesOf(name, Object.values(readTemplate(template).Resources).flatMap(({ Properties }) => Properties ?? []))
  )

describe("A deployment on AWS", () => {
  it("runs no program that gives out development tokens, although its image holds one", () => {
    const programs = everywhere("Command").map((command) => Array.isArray(command) ? command[0] : command)
    assert.sameMembers(programs, ["command-service.mjs", "query-service.mjs", "ops.mjs"])
  })

  it("has no route to them", () => {
    const routes = everywhere("RouteKey").map((key) => JSON.stringify(key))
    assert.isNotEmpty(routes)
    for (const route of routes) assert.notInclude(route, "/dev")
  })
})
