import type { Expression, Item } from "./sql/syntax.ts"

const given = (expression: Expression): string => {
  switch (expression._tag) {
    case "Column":
      return expression.name
    case "Call":
      return expression.name
    case "CountAll":
      return "count"
    case "Cast": {
      const inner = given(expression.value)
      return inner === "?column?" ? expression.type : inner
    }
    case "Scalar": {
      const [item] = expression.select.cores[0].items
      return item === undefined ? "?column?" : nameOf(item)
    }
    default:
      return "?column?"
  }
}

/** The name of what a SELECT gives; the server gives one where the statement doesn't. */
export const nameOf = ({ name, value }: Item): string => name ?? (value === "*" ? "*" : given(value))

/** Whether an expression is about a group of rows, and not about one. */
export const isAggregate = (expression: Expression): boolean => {
  switch (expression._tag) {
    case "CountAll":
      return true
    case "Cast":
    case "IsNull":
    case "Not":
      return isAggregate(expression.value)
    case "Call":
      return expression.args.some(isAggregate)
    case "Row":
      return expression.items.some(isAggregate)
    case "Binary":
      return isAggregate(expression.left) || isAggregate(expression.right)
    case "Any":
      return isAggregate(expression.value) || isAggregate(expression.array)
    default:
      return false
  }
}
