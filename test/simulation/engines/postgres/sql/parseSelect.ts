import { expressions } from "./parseExpression.ts"
import type { Core, Item, Join, Select, Source } from "./syntax.ts"
import type { Tokens } from "./Tokens.ts"

// What comes after something that may have an alias.
const keywords: ReadonlySet<string> = new Set(
  "from where group order limit for on left full inner join union returning set collate with".split(" ")
)

/** Reads an expression. */
export const parseExpression = expressions((tokens) => parseSelect(tokens))

const alias = (tokens: Tokens): string | null => {
  if (tokens.takes("as")) return tokens.name()
  const { kind, text } = tokens.peek()
  return kind === "name" || (kind === "word" && !keywords.has(text)) ? tokens.name() : null
}

/** Reads what a SELECT or a RETURNING gives. */
export const parseItems = (tokens: Tokens): ReadonlyArray<Item> =>
  tokens.list((): Item => {
    if (tokens.takes("*")) return { value: "*", name: null }
    const value = parseExpression(tokens)
    return { value, name: alias(tokens) }
  })

const sourceOf = (tokens: Tokens): Source => {
  if (tokens.sees("(")) return { _tag: "Subselect", select: tokens.inParentheses(() => parseSelect(tokens)) }
  const name = tokens.name()
  if (name !== "unnest") return { _tag: "Table", name }
  const arrays = tokens.inParentheses(() => tokens.list(() => parseExpression(tokens)))
  return { _tag: "Unnest", arrays, ordinality: tokens.takes("with", "ordinality") }
}

const joined = (tokens: Tokens, kind: Join["kind"]): Join => {
  const source = sourceOf(tokens)
  const named = alias(tokens)
  const columns = tokens.sees("(") ? tokens.inParentheses(() => tokens.list(() => tokens.name())) : []
  const isOn = !tokens.sees("on", "conflict") && tokens.takes("on")
  return { kind, source, alias: named, columns, on: isOn ? parseExpression(tokens) : null }
}

/** Reads what follows FROM. */
export const parseFrom = (tokens: Tokens): ReadonlyArray<Join> => {
  const joins = [joined(tokens, "inner")]
  while (true) {
    if (tokens.takes(",") || tokens.takes("join") || tokens.takes("inner", "join")) joins.push(joined(tokens, "inner"))
    else if (tokens.takes("left", "join")) joins.push(joined(tokens, "left"))
    else if (tokens.takes("full", "join")) joins.push(joined(tokens, "full"))
    else return joins
  }
}

const core = (tokens: Tokens): Core => {
  tokens.expects("select")
  return {
    items: parseItems(tokens),
    from: tokens.takes("from") ? parseFrom(tokens) : [],
    where: tokens.takes("where") ? parseExpression(tokens) : null,
    groupBy: tokens.takes("group", "by") ? tokens.list(() => parseExpression(tokens)) : []
  }
}

const order = (tokens: Tokens) =>
  tokens.list(() => {
    const by = parseExpression(tokens)
    const descending = tokens.takes("desc")
    if (!descending) tokens.takes("asc")
    return { by, descending }
  })

/** Reads a SELECT. */
export const parseSelect = (tokens: Tokens): Select => {
  const first = core(tokens)
  const others: Array<Core> = []
  while (tokens.takes("union", "all")) others.push(core(tokens))
  return {
    _tag: "Select",
    cores: [first, ...others],
    orderBy: tokens.takes("order", "by") ? order(tokens) : [],
    limit: tokens.takes("limit") ? parseExpression(tokens) : null,
    forUpdate: tokens.takes("for", "update")
  }
}
