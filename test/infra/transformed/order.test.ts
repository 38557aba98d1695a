import { assert, describe, it } from "@effect/vitest"
import { isObject } from "../intrinsics.ts"
import type { Json, Template } from "../template.ts"
import { transformedTemplate } from "./deployments.ts"

/** The resources that a value is made of. */
const referredIn = (value: Json, template: Template): ReadonlyArray<string> => {
  if (Array.isArray(value)) return value.flatMap((one) => referredIn(one, template))
  if (typeof value === "string") return [...value.matchAll(/\$\{(\w+)/g)].flatMap(([, name = ""]) => name)
  if (!isObject(value)) return []
  const { Ref, "Fn::GetAtt": attribute } = value
  return [
    ...(typeof Ref === "string" ? [Ref] : []),
    ...(Array.isArray(attribute) ? [String(attribute[0])] : []),
    ...Object.values(value).flatMap((one) => referredIn(one, template))
  ].filter((name) => name in template.Resources)
}

/** All that is made before a resource of a template, because it needs it or says so. */
const before = (template: Template, name: string): ReadonlySet<string> => {
  const found = new Set<string>()
  const visit = (one: string): void => {
    const { DependsOn = [], Properties = {} } = template.Resources[one] ?? {}
    for (
      const other of [...(typeof DependsOn === "string" ? [DependsOn] : DependsOn), ...referredIn(Properties, template)]
    ) {
      if (found.has(other) || !(other in template.Resources)) continue
      found.add(other)
      visit(other)
    }
  }
  visit(name)
  return found
}

describe("A change reaches", () => {
  const root = transformedTemplate("template")
  const services = transformedTemplate("services")

  it.each(
    [
      ["the stores before the migration", root, "Migration", ["Network", "Data"]],
      ["the read model before who reads and who writes it", root, "Projector", ["Migration"]],
      ["the cache and its users before who comes to it", root, "Services", ["Data"]],
      ["the projector before the services", root, "Services", ["Migration", "Projector"]],
      ["the services before the gateway", root, "Api", ["Services"]],
      ["everything before who watches it", root, "Observability", ["Services", "Projector", "Api"]],
      ["queries before commands: nobody meets an event that it doesn't know", services, "CommandService", [
        "QueryService"
      ]]
    ] as const
  )("%s", (_sentence, template, name, earlier) => {
    assert.includeMembers([...before(template, name)], [...earlier])
  })

  it("no service before the listener that its target group needs", () => {
    assert.includeMembers([...before(services, "QueryService")], ["QueryListener"])
    assert.includeMembers([...before(services, "CommandService")], ["CommandListener"])
  })
})
