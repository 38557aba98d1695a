import type { Json } from "./template.ts"

/** What intrinsic functions ask about the stack that they stand in. */
export interface Surroundings {
  /** What `Ref` gives for a parameter, a resource or a pseudo parameter. */
  readonly ref: (name: string) => Json
  readonly attribute: (resource: string, attribute: string) => Json
  readonly condition: (name: string) => boolean
  readonly mapping: (map: string, key: string, name: string) => Json
}

/** What `AWS::NoValue` is: a property or an element that has it isn't there. */
const nothing: unique symbol = Symbol("AWS::NoValue")

type Value = Json | typeof nothing

/** Whether a value has properties, and is neither a list nor a text. */
export const isObject = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const asList = (value: Json, where: string): ReadonlyArray<Json> => {
  if (Array.isArray(value)) return value
  throw new Error(`${where} takes a list, and not ${JSON.stringify(value)}`)
}

const asText = (value: Json, where: string): string => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value)
  throw new Error(`${where} takes a text, and not ${JSON.stringify(value)}`)
}

const octets = (address: string): number => address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0)

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".")

/** So many blocks of addresses out of one, each of `2 ** bits` addresses. */
const cidrBlocks = (block: string, count: number, bits: number): ReadonlyArray<string> => {
  const [address = ""] = block.split("/")
  return Array.from({ length: count }, (_, place) => `${dotted(octets(address) + place * 2 ** bits)}/${32 - bits}`)
}

/** The intrinsic function that an object is, if it is one. */
const intrinsicOf = (value: { readonly [name: string]: Json }): readonly [name: string, argument: Json] | undefined => {
  const [entry, ...others] = Object.entries(value)
  if (entry === undefined || others.length > 0) return undefined
  return entry[0] === "Ref" || entry[0] === "Condition" || entry[0].startsWith("Fn::") ? entry : undefined
}

/** Works out values as CloudFormation does, as far as the surroundings know what they are made of. */
export const evaluator = (surroundings: Surroundings) => {
  const { attribute, condition, mapping, ref } = surroundings

  const referred = (name: string): Json => {
    const dot = name.indexOf(".")
    return dot === -1 ? ref(name) : attribute(name.slice(0, dot), name.slice(dot + 1))
  }

  const substituted = (argument: Json): Json => {
    const [text, names = {}] = Array.isArray(argument) ? argument : [argument]
    if (text === undefined || !isObject(names)) throw new Error(`Fn::Sub takes no ${JSON.stringify(argument)}`)
    return asText(text, "Fn::Sub").replaceAll(/\$\{(!?)([^}]*)\}/g, (_whole, literal: string, name: string) => {
      if (literal === "!") return `\${${name}}`
      const given = names[name.trim()]
      return asText(given === undefined ? referred(name.trim()) : evaluate(given), `\${${name}}`)
    })
  }

  const truth = (argument: Json): boolean => {
    if (isObject(argument)) {
      if (typeof argument["Condition"] === "string") return condition(argument["Condition"])
      const [name, list] = intrinsicOf(argument) ?? ["", null]
      if (name === "Fn::Not") return !truth(asList(list, name)[0] ?? null)
      if (name === "Fn::And") return asList(list, name).every(truth)
      if (name === "Fn::Or") return asList(list, name).some(truth)
      if (name === "Fn::Contains") {
        const [texts = null, one = null] = asList(list, name).map(evaluate)
        return asList(texts, name).map((text) => asText(text, name)).includes(asText(one, name))
      }
      if (name === "Fn::Equals") {
        const [one, other] = asList(list, name).map(evaluate)
        return asText(one ?? null, name) === asText(other ?? null, name)
      }
    }
    throw new Error(`No condition: ${JSON.stringify(argument)}`)
  }

  const called = (name: string, argument: Json): Value => {
    if (name === "Ref") return argument === "AWS::NoValue" ? nothing : ref(asText(argument, name))
    if (name === "Fn::GetAtt") {
      const [resource = "", ...rest] = typeof argument === "string" ? argument.split(".") : asList(argument, name)
      return attribute(asText(resource, name), rest.map((part) => asText(evaluate(part), name)).join("."))
    }
    if (name === "Fn::Sub") return substituted(argument)
    if (name === "Fn::If") {
      const [of = "", yes = null, no = null] = asList(argument, name)
      return valueOf(condition(asText(of, name)) ? yes : no)
    }
    if (name === "Fn::GetAZs") return ["a", "b", "c"].map((zone) => `${asText(ref("AWS::Region"), name)}${zone}`)
    const evaluated = evaluate(argument)
    if (name === "Fn::Base64") return Buffer.from(asText(evaluated, name)).toString("base64")
    if (name === "Fn::ToJsonString") return JSON.stringify(evaluated)
    if (name === "Fn::Length") return asList(evaluated, name).length
    const [first = null, second = null, third = null] = asList(evaluated, name)
    switch (name) {
      case "Fn::Join":
        return asList(second, name).map((part) => asText(part, name)).join(asText(first, name))
      case "Fn::Split":
        return asText(second, name).split(asText(first, name))
      case "Fn::Select": {
        const found = asList(second, name)[Number(first)]
        if (found !== undefined) return found
        break
      }
      case "Fn::FindInMap":
        return mapping(asText(first, name), asText(second, name), asText(third, name))
      case "Fn::Cidr":
        return cidrBlocks(asText(first, name), Number(second), Number(third ?? 8))
    }
    throw new Error(`${name} can't be worked out of ${JSON.stringify(evaluated)}`)
  }

  const valueOf = (value: Json): Value => {
    if (Array.isArray(value)) return value.map(valueOf).filter((one) => one !== nothing)
    if (!isObject(value)) return value
    const intrinsic = intrinsicOf(value)
    // `Condition` is a key of policies' statements, too.
    if (intrinsic !== undefined && intrinsic[0] !== "Condition") return called(...intrinsic)
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, property]) => {
        const evaluated = valueOf(property)
        return evaluated === nothing ? [] : [[name, evaluated]]
      })
    )
  }

  const evaluate = (value: Json): Json => {
    const evaluated = valueOf(value)
    return evaluated === nothing ? null : evaluated
  }
  return { evaluate, truth }
}
