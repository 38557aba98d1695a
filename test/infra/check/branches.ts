import { isObject } from "../intrinsics.ts"
import { decodeTemplate, type Json } from "../template.ts"
import { combinations, conditionOf, mapsIn, referredIn, type Values } from "./conditions.ts"

type Properties = { readonly [name: string]: Json }
type Condition = (name: string) => boolean

/** A template as it is for certain values of its parameters: without conditions. */
export interface Branch {
  /** Which it is, such as `Environment=dev,DatabaseKind=aurora`. */
  readonly name: string
  readonly template: Json
}

const mapValues = (properties: Properties, map: (value: Json, name: string) => Json): Properties =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, map(value, name)]))

const part = (template: Properties, name: string): Properties => {
  const found = template[name]
  return isObject(found) ? found : {}
}

const isNoValue = (value: Json): boolean => isObject(value) && value["Ref"] === "AWS::NoValue"

/** A value in which each `Fn::If` has become what its condition chooses. */
const chosen = (value: Json, condition: Condition): Json => {
  if (Array.isArray(value)) return value.map((one) => chosen(one, condition)).filter((one) => !isNoValue(one))
  if (!isObject(value)) return value
  const choice = value["Fn::If"]
  if (Array.isArray(choice)) {
    const [name, yes = null, no = null] = choice
    return chosen(condition(String(name)) ? yes : no, condition)
  }
  const entries = Object.entries(mapValues(value, (property) => chosen(property, condition)))
  return Object.fromEntries(entries.filter(([, property]) => !isNoValue(property)))
}

/** The resources, or the outputs, whose conditions hold. */
const remaining = (parts: Properties, condition: Condition): Properties =>
  Object.fromEntries(
    Object.entries(parts).flatMap(([name, one]) => {
      if (!isObject(one)) return []
      const { Condition: its, ...rest } = one
      return typeof its === "string" && !condition(its) ? [] : [[name, chosen(rest, condition)]]
    })
  )

/** CloudFormation, too, waits for nothing that isn't made. */
const waitingFor = (resources: Properties): Properties =>
  mapValues(resources, (resource) => {
    if (!isObject(resource) || resource["DependsOn"] === undefined) return resource
    const { DependsOn, ...rest } = resource
    const names = [DependsOn].flat().filter((name) => typeof name === "string" && name in resources)
    return names.length === 0 ? rest : { ...rest, DependsOn: names }
  })

const settled = (parameter: Json, value: string | undefined): Json =>
  isObject(parameter) && Array.isArray(parameter["AllowedValues"]) && value !== undefined
    ? { ...parameter, Default: value, AllowedValues: [value] }
    : parameter

const branchOf = (template: Properties, values: Values, condition: Condition): Json => {
  const { Conditions: _conditions, Mappings: _mappings, ...unmapped } = template
  const Resources = waitingFor(remaining(part(template, "Resources"), condition))
  const Outputs = remaining(part(template, "Outputs"), condition)
  const needed = referredIn([Resources, Outputs, unmapped["Rules"] ?? null])
  const Parameters = Object.fromEntries(
    Object.entries(part(template, "Parameters"))
      .filter(([name]) => needed.has(name))
      .map(([name, parameter]) => [name, settled(parameter, values[name])])
  )
  const maps = mapsIn([Resources, Outputs])
  const Mappings = Object.fromEntries(Object.entries(part(template, "Mappings")).filter(([name]) => maps.has(name)))
  const mapped = Object.keys(Mappings).length === 0 ? {} : { Mappings }
  return { ...unmapped, ...mapped, Parameters, Resources, Outputs }
}

/** All that a template can come to, by its conditions. None, if it has no conditions. */
export const branchesOf = (template: Json): ReadonlyArray<Branch> => {
  if (!isObject(template)) return []
  const decoded = decodeTemplate(template)
  return combinations(decoded).map((values) => ({
    name: Object.entries(values).map((entry) => entry.join("=")).join(","),
    template: branchOf(template, values, conditionOf(decoded, values))
  }))
}

/** A template whose nested ones are the files of the same names in JSON, where it stands beside them. */
export const besideJson = (template: Json): Json =>
  !isObject(template) ?
    template :
    mapValues(template, (whole, name) =>
      name !== "Resources" || !isObject(whole) ? whole : mapValues(whole, (resource) => {
        const properties = isObject(resource) ? part(resource, "Properties") : {}
        const { TemplateURL } = properties
        if (!isObject(resource) || typeof TemplateURL !== "string") {
          return resource
        }
        return { ...resource, Properties: { ...properties, TemplateURL: TemplateURL.replace(/\.yaml$/, ".json") } }
      }))
