import { evaluator, isObject } from "../intrinsics.ts"
import type { Json, Parameter, Template } from "../template.ts"

/** Values of those parameters that conditions look at. */
export type Values = Readonly<Record<string, string>>

const visit = (value: Json, seen: (value: { readonly [name: string]: Json }) => void): void => {
  if (Array.isArray(value)) return value.forEach((one) => visit(one, seen))
  if (!isObject(value)) return
  seen(value)
  Object.values(value).forEach((one) => visit(one, seen))
}

/** The names that a value refers to, by `Ref` or within `Fn::Sub`. */
export const referredIn = (value: Json): ReadonlySet<string> => {
  const names = new Set<string>()
  visit(value, ({ Ref, "Fn::Sub": text }) => {
    if (typeof Ref === "string") names.add(Ref)
    const template = Array.isArray(text) ? text[0] : text
    if (typeof template !== "string") return
    for (const [, name = ""] of template.matchAll(/\$\{([^!}.][^}.]*)\}/g)) names.add(name.trim())
  })
  return names
}

/** The names of the maps that a value looks something up in. */
export const mapsIn = (value: Json): ReadonlySet<string> => {
  const names = new Set<string>()
  visit(value, ({ "Fn::FindInMap": keys }) => {
    if (Array.isArray(keys) && typeof keys[0] === "string") names.add(keys[0])
  })
  return names
}

/** The texts that conditions compare a parameter with. */
const comparedWith = (conditions: Json, parameter: string): ReadonlyArray<string> => {
  const texts: Array<string> = []
  visit(conditions, ({ "Fn::Equals": pair }) => {
    if (!Array.isArray(pair) || !referredIn(pair).has(parameter)) return
    texts.push(...pair.filter((one) => typeof one === "string"))
  })
  return texts
}

// Stands for all texts that no condition compares anything with.
const anotherText = "another"

const valuesOf = ({ AllowedValues }: Parameter, name: string, conditions: Json): ReadonlyArray<string> =>
  AllowedValues?.map(String) ?? [...new Set([...comparedWith(conditions, name), anotherText])]

/** Whether a condition holds when the parameters have certain values. */
export const conditionOf = ({ Conditions = {}, Mappings, Parameters = {} }: Template, values: Values) => {
  const condition = (name: string): boolean => {
    const found = Conditions[name]
    if (found === undefined) throw new Error(`There is no condition ${name}`)
    return truth(found)
  }
  const { truth } = evaluator({
    ref: (name) => {
      const value = values[name]
      if (value === undefined) throw new Error(`No condition can know ${name} before a deployment`)
      const isList = /^(?:CommaDelimitedList|List<.*>)$/.test(Parameters[name]?.Type ?? "")
      return isList ? value.split(",") : value
    },
    attribute: (resource) => {
      throw new Error(`No condition can know ${resource} before a deployment`)
    },
    condition,
    mapping: (map, key, of) => Mappings?.[map]?.[key]?.[of] ?? null
  })
  return condition
}

/**
 * The values of parameters by which a template's conditions differ: one set of values for each combination of conditions
 * that can be had. None, if there are no conditions.
 */
export const combinations = (template: Template): ReadonlyArray<Values> => {
  const { Conditions = {}, Parameters = {} } = template
  const relevant = referredIn(Conditions)
  let all: ReadonlyArray<Values> = [{}]
  for (const [name, parameter] of Object.entries(Parameters)) {
    if (!relevant.has(name)) continue
    const values = valuesOf(parameter, name, Conditions)
    all = all.flatMap((before) => values.map((value) => ({ ...before, [name]: value })))
  }
  const different = new Map<string, Values>()
  for (const values of all) {
    const condition = conditionOf(template, values)
    const truths = Object.keys(Conditions).map(condition).join()
    if (truths !== "" && !different.has(truths)) different.set(truths, values)
  }
  return [...different.values()]
}
