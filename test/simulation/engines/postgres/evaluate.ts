import { functions } from "./functions.ts"
import { column, type Evaluate, type Place, type Scope, unknown } from "./Scope.ts"
import type { Expression, Operator, Select } from "./sql/syntax.ts"
import { cast, compare, type Row, type Value } from "./values.ts"

/** What a SELECT within an expression gives. */
export type Subselect = (select: Select, scope: Scope) => (place: Place) => ReadonlyArray<Row>

const arithmetic = (operator: "+" | "-" | "*", one: Value, other: Value): Value => {
  if (one instanceof Date) return new Date(one.getTime() + (operator === "-" ? -1 : 1) * Number(other))
  const [left, right] = [Number(one), Number(other)]
  return operator === "+" ? left + right : operator === "-" ? left - right : left * right
}

const both = (operator: Exclude<Operator, "AND" | "OR">, one: Value, other: Value): Value => {
  if (one === null || other === null) return null
  switch (operator) {
    case "=":
      return compare(one, other) === 0
    case "<>":
      return compare(one, other) !== 0
    case "<":
      return compare(one, other) < 0
    case ">":
      return compare(one, other) > 0
    case "<=":
      return compare(one, other) <= 0
    case ">=":
      return compare(one, other) >= 0
    default:
      return arithmetic(operator, one, other)
  }
}

// Null is neither true nor false: `decisive` settles it whatever the other is.
const logical = (decisive: boolean, left: Evaluate, right: Evaluate): Evaluate => (place) => {
  const one = left(place)
  if (one === decisive) return decisive
  const other = right(place)
  if (other === decisive) return decisive
  return one === null || other === null ? null : !decisive
}

const isAmong = (value: Value, array: Value): Value => {
  if (value === null || !Array.isArray(array)) return null
  if (array.some((one) => one !== null && compare(one, value) === 0)) return true
  return array.includes(null) ? null : false
}

/** Makes expressions values, where their names stand for what a scope says. */
export const evaluation = (subselect: Subselect) => {
  const evaluate = (expression: Expression, scope: Scope): Evaluate => {
    const within = (part: Expression) => evaluate(part, scope)
    switch (expression._tag) {
      case "Literal":
        return () => expression.value
      case "Parameter":
        return ({ run }) => run.parameters[expression.index] ?? null
      case "Column":
        return column(scope, expression.table, expression.name)
      case "CountAll":
        return ({ group }) => group?.length ?? 0
      case "Row": {
        const items = expression.items.map(within)
        return (place) => items.map((item) => item(place))
      }
      case "Scalar": {
        const rows = subselect(expression.select, scope)
        return (place) => rows(place)[0]?.[0] ?? null
      }
      case "Cast": {
        const value = within(expression.value)
        return (place) => cast(value(place), expression.type)
      }
      case "IsNull": {
        const value = within(expression.value)
        return (place) => (value(place) === null) !== expression.negated
      }
      case "Any": {
        const [value, array] = [within(expression.value), within(expression.array)]
        return (place) => isAmong(value(place), array(place))
      }
      case "Not": {
        const value = within(expression.value)
        return (place) => {
          const found = value(place)
          return found === null ? null : found === false
        }
      }
      case "Call": {
        const call = functions.get(expression.name) ?? unknown(`function ${expression.name}`)
        const args = expression.args.map(within)
        return (place) => call(args.map((arg) => arg(place)), place.run)
      }
      case "Binary": {
        const { operator } = expression
        const [left, right] = [within(expression.left), within(expression.right)]
        if (operator === "AND") return logical(false, left, right)
        if (operator === "OR") return logical(true, left, right)
        return (place) => both(operator, left(place), right(place))
      }
    }
  }
  return evaluate
}
