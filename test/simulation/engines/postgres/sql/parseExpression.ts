import type { Expression, Operator, Select } from "./syntax.ts"
import type { Tokens } from "./Tokens.ts"

const comparisons: ReadonlyArray<Operator> = ["=", "<>", "<=", ">=", "<", ">"]

const binary = (operator: Operator, left: Expression, right: Expression): Expression => ({
  _tag: "Binary",
  operator,
  left,
  right
})

/** What reads expressions, with what reads the SELECT in one. */
export const expressions = (subselect: (tokens: Tokens) => Select) => {
  const call = (tokens: Tokens, name: string): Expression => {
    tokens.expects("(")
    if (name === "count" && tokens.takes("*", ")")) return { _tag: "CountAll" }
    if (name === "extract") {
      tokens.expects("epoch", "from")
      const value = parseExpression(tokens)
      tokens.expects(")")
      return { _tag: "Call", name: "epoch", args: [value] }
    }
    const args = tokens.sees(")") ? [] : tokens.list(() => parseExpression(tokens))
    tokens.expects(")")
    return { _tag: "Call", name, args }
  }

  const parenthesised = (tokens: Tokens): Expression =>
    tokens.inParentheses((): Expression => {
      if (tokens.sees("select")) return { _tag: "Scalar", select: subselect(tokens) }
      const [first, ...rest] = tokens.list(() => parseExpression(tokens))
      if (first === undefined) return tokens.unknown()
      return rest.length === 0 ? first : { _tag: "Row", items: [first, ...rest] }
    })

  const word = (tokens: Tokens): Expression => {
    const name = tokens.name()
    if (name === "null") return { _tag: "Literal", value: null }
    if (name === "true" || name === "false") return { _tag: "Literal", value: name === "true" }
    if (name === "interval") return { _tag: "Cast", value: { _tag: "Literal", value: tokens.next().text }, type: name }
    if (tokens.sees("(")) return call(tokens, name)
    return tokens.takes(".")
      ? { _tag: "Column", table: name, name: tokens.name() }
      : { _tag: "Column", table: null, name }
  }

  const primary = (tokens: Tokens): Expression => {
    const { kind, text } = tokens.peek()
    if (kind === "word" || kind === "name") return word(tokens)
    if (tokens.sees("(")) return parenthesised(tokens)
    if (tokens.takes("-")) return binary("-", { _tag: "Literal", value: 0 }, primary(tokens))
    tokens.next()
    if (kind === "parameter") return { _tag: "Parameter", index: Number(text) - 1 }
    if (kind === "number") return { _tag: "Literal", value: Number(text) }
    return kind === "text" ? { _tag: "Literal", value: text } : tokens.unknown()
  }

  const postfixed = (tokens: Tokens): Expression => {
    let value = primary(tokens)
    while (true) {
      if (tokens.takes("::")) {
        value = { _tag: "Cast", value, type: tokens.name() }
        // An array is cast as its elements are.
        tokens.takes("[]")
      } else if (tokens.takes("collate")) {
        // Texts are always compared as "C" does it.
        tokens.name()
      } else return value
    }
  }

  const product = (tokens: Tokens): Expression => {
    let value = postfixed(tokens)
    while (tokens.takes("*")) value = binary("*", value, postfixed(tokens))
    return value
  }

  const sum = (tokens: Tokens): Expression => {
    let value = product(tokens)
    while (true) {
      if (tokens.takes("+")) value = binary("+", value, product(tokens))
      else if (tokens.takes("-")) value = binary("-", value, product(tokens))
      else return value
    }
  }

  const comparison = (tokens: Tokens): Expression => {
    let left = sum(tokens)
    while (tokens.sees("is")) {
      tokens.next()
      const negated = tokens.takes("not")
      tokens.expects("null")
      left = { _tag: "IsNull", value: left, negated }
    }
    const operator = comparisons.find((sign) => tokens.takes(sign))
    if (operator === undefined) return left
    if (operator === "=" && tokens.takes("any")) {
      return { _tag: "Any", value: left, array: tokens.inParentheses(() => parseExpression(tokens)) }
    }
    return binary(operator, left, sum(tokens))
  }

  const negation = (tokens: Tokens): Expression =>
    tokens.takes("not") ? { _tag: "Not", value: negation(tokens) } : comparison(tokens)

  const conjunction = (tokens: Tokens): Expression => {
    let value = negation(tokens)
    while (tokens.takes("and")) value = binary("AND", value, negation(tokens))
    return value
  }

  const parseExpression = (tokens: Tokens): Expression => {
    let value = conjunction(tokens)
    while (tokens.takes("or")) value = binary("OR", value, conjunction(tokens))
    return value
  }

  return parseExpression
}
