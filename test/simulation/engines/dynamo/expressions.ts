import { compareScalars, isSameValue, type Item, scalarOf } from "./items.ts"
import { invalid } from "./serviceErrors.ts"

/** What a request's expressions refer to. */
export interface ExpressionNames {
  readonly names: Readonly<Record<string, string>>
  readonly values: Item
}

interface Term {
  readonly operator: string
  /** An attribute's name, or what stands for it. */
  readonly path: string
  /** What stands for the value; none for a function. */
  readonly value: string | null
}

const calls = /^(attribute_exists|attribute_not_exists)\s*\(\s*(#?\w+)\s*\)$/
const comparisons = /^(#?\w+)\s*(<>|<=|>=|=|<|>)\s*(:\w+)$/

const parseTerm = (text: string): Term => {
  const [, call, argument] = calls.exec(text) ?? []
  if (call !== undefined && argument !== undefined) return { operator: call, path: argument, value: null }
  const [, path, operator, value] = comparisons.exec(text) ?? []
  if (path !== undefined && operator !== undefined && value !== undefined) return { operator, path, value }
  throw invalid(`the simulated DynamoDB doesn't know the condition ${text}`)
}

// Few different ones are ever asked for.
const parsed = new Map<string, ReadonlyArray<Term>>()

const parse = (expression: string): ReadonlyArray<Term> => {
  const known = parsed.get(expression)
  if (known !== undefined) return known
  const terms = expression.split(/\s+AND\s+/).map((text) => parseTerm(text.trim()))
  parsed.set(expression, terms)
  return terms
}

const nameOf = (path: string, { names }: ExpressionNames): string => {
  const name = path.startsWith("#") ? names[path] : path
  if (name === undefined) throw invalid(`the expression refers to ${path}, which has no name`)
  return name
}

const valueOf = (placeholder: string, { values }: ExpressionNames) => {
  const value = values[placeholder]
  if (value === undefined) throw invalid(`the expression refers to ${placeholder}, which has no value`)
  return value
}

const holds = ({ operator, path, value }: Term, item: Item, given: ExpressionNames): boolean => {
  const attribute = item[nameOf(path, given)]
  if (operator === "attribute_exists") return attribute !== undefined
  if (operator === "attribute_not_exists") return attribute === undefined
  const wanted = valueOf(value ?? "", given)
  if (operator === "=") return isSameValue(attribute, wanted)
  if (operator === "<>") return !isSameValue(attribute, wanted)
  const order = compareScalars(scalarOf(attribute), scalarOf(wanted))
  if (operator === "<") return order < 0
  if (operator === "<=") return order <= 0
  return operator === ">" ? order > 0 : order >= 0
}

/** Whether a condition holds for an item; one that isn't there has no attributes. */
export const satisfies = (expression: string, item: Item, given: ExpressionNames): boolean =>
  parse(expression).every((term) => holds(term, item, given))

/** What a condition says that an attribute is to be equal to; null where it doesn't. */
export const equalIn = (expression: string, attribute: string, given: ExpressionNames) => {
  const term = parse(expression).find(({ operator, path }) => operator === "=" && nameOf(path, given) === attribute)
  return term?.value === undefined || term.value === null ? null : valueOf(term.value, given)
}

/** An item after an update. */
export const updated = (expression: string, item: Item, given: ExpressionNames): Item => {
  const after: Item = { ...item }
  for (const [, action, list = ""] of expression.matchAll(/\b(SET|REMOVE)\s+(.*?)(?=\s+(?:SET|REMOVE)\s|$)/g)) {
    for (const part of list.split(",")) {
      const [path = "", value] = part.split("=").map((text) => text.trim())
      if (action === "REMOVE") delete after[nameOf(path, given)]
      else after[nameOf(path, given)] = valueOf(value ?? "", given)
    }
  }
  return after
}
