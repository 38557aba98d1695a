import { Predicate } from "effect"

type Json = unknown

/** Whether what stands at a selector satisfies a comparison. */
type Test = (line: Json) => boolean

/** What a selector such as `$.annotations.parked` finds in a line; undefined where there is nothing. */
export const selected = (line: Json, selector: string): Json =>
  selector.slice(2).split(".").reduce<Json>(
    (found, name) => Predicate.isObject(found) && Predicate.hasProperty(found, name) ? found[name] : undefined,
    line
  )

const token = /\s*(&&|\|\||[{}()]|!=|<=|>=|[<>=]|"(?:[^"\\]|\\.)*"|\$(?:\.[A-Za-z_]\w*)+|-?\d+(?:\.\d+)?)/y

const tokensOf = (pattern: string): ReadonlyArray<string> => {
  const tokens: Array<string> = []
  token.lastIndex = 0
  while (token.lastIndex < pattern.trimEnd().length) {
    const from = token.lastIndex
    const [, found] = token.exec(pattern) ?? []
    if (found === undefined) throw new Error(`no filter pattern from here on: ${pattern.slice(from)}`)
    tokens.push(found)
  }
  return tokens
}

const ordered: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  "=": (one, other) => one === other,
  "!=": (one, other) => one !== other,
  "<": (one, other) => one < other,
  "<=": (one, other) => one <= other,
  ">": (one, other) => one > other,
  ">=": (one, other) => one >= other
}

const comparison = (selector: string, operator: string, operand: string): Test => {
  if (!selector.startsWith("$.")) throw new Error(`no selector: ${selector}`)
  const compare = ordered[operator]
  if (compare === undefined) throw new Error(`no operator: ${operator}`)
  if (operand.startsWith("\"")) {
    const text: unknown = JSON.parse(operand)
    if (operator !== "=" && operator !== "!=") throw new Error(`texts have no order: ${operator}`)
    return (line) => {
      const found = selected(line, selector)
      return Predicate.isString(found) && (found === text) === (operator === "=")
    }
  }
  const number = Number(operand)
  if (Number.isNaN(number)) throw new Error(`no value: ${operand}`)
  return (line) => {
    const found = selected(line, selector)
    return Predicate.isNumber(found) && compare(found, number)
  }
}

/**
 * The part of CloudWatch's JSON filter patterns that templates here may use: comparisons of a selector with a text or a
 * number, `&&`, `||` and brackets. What isn't there, or is of another type, satisfies no comparison; a line that isn't JSON
 * matches nothing. Throws on anything else.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export const filterPattern = (pattern: string): (line: string) => boolean => {
  const tokens = tokensOf(pattern)
  let next = 0
  const take = (): string => {
    const found = tokens[next++]
    if (found === undefined) throw new Error(`the filter pattern ends too early: ${pattern}`)
    return found
  }
  const expect = (wanted: string): void => {
    const found = take()
    if (found !== wanted) throw new Error(`${wanted} was expected in place of ${found}: ${pattern}`)
  }
  const single = (): Test => {
    const first = take()
    if (first !== "(") return comparison(first, take(), take())
    const inner = any()
    expect(")")
    return inner
  }
  const all = (): Test => {
    const tests = [single()]
    for (; tokens[next] === "&&"; tests.push(single())) next++
    return (line) => tests.every((test) => test(line))
  }
  const any = (): Test => {
    const tests = [all()]
    for (; tokens[next] === "||"; tests.push(all())) next++
    return (line) => tests.some((test) => test(line))
  }
  expect("{")
  const test = any()
  expect("}")
  if (next < tokens.length) throw new Error(`there is more behind the filter pattern: ${pattern}`)
  return (line) => {
    const parsed = parseLine(line)
    return parsed !== undefined && test(parsed)
  }
}

/** The JSON object that a line of a log is; undefined if it isn't one. */
export const parseLine = (line: string): Json => {
  if (!/^\{.*\}$/.test(line)) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
