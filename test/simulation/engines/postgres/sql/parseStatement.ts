import { parseExpression, parseFrom, parseItems, parseSelect } from "./parseSelect.ts"
import type { Assignment, Command, Conflict, Delete, Insert, Item, Statement, Update } from "./syntax.ts"
import { Tokens } from "./Tokens.ts"

const names = (tokens: Tokens): ReadonlyArray<string> =>
  tokens.sees("(") ? tokens.inParentheses(() => tokens.list(() => tokens.name())) : []

const returning = (tokens: Tokens): ReadonlyArray<Item> => tokens.takes("returning") ? parseItems(tokens) : []

const where = (tokens: Tokens) => tokens.takes("where") ? parseExpression(tokens) : null

const assignments = (tokens: Tokens): ReadonlyArray<Assignment> =>
  tokens.list(() => {
    const column = tokens.name()
    tokens.expects("=")
    return { column, value: parseExpression(tokens) }
  })

const conflict = (tokens: Tokens): Conflict | null => {
  if (!tokens.takes("on", "conflict")) return null
  const target = names(tokens)
  tokens.expects("do")
  if (tokens.takes("nothing")) return { target, set: null, where: null }
  tokens.expects("update", "set")
  return { target, set: assignments(tokens), where: where(tokens) }
}

const insert = (tokens: Tokens): Insert => {
  tokens.expects("into")
  const table = tokens.name()
  const columns = names(tokens)
  const source = tokens.takes("values")
    ? tokens.list(() => tokens.inParentheses(() => tokens.list(() => parseExpression(tokens))))
    : parseSelect(tokens)
  return { _tag: "Insert", table, columns, source, conflict: conflict(tokens), returning: returning(tokens) }
}

const update = (tokens: Tokens): Update => {
  const table = tokens.name()
  tokens.expects("set")
  const set = assignments(tokens)
  const from = tokens.takes("from") ? parseFrom(tokens) : []
  return { _tag: "Update", table, set, from, where: where(tokens), returning: returning(tokens) }
}

const remove = (tokens: Tokens): Delete => {
  tokens.expects("from")
  return { _tag: "Delete", table: tokens.name(), where: where(tokens), returning: returning(tokens) }
}

const command = (tokens: Tokens): Command => {
  if (tokens.sees("select")) return parseSelect(tokens)
  if (tokens.takes("insert")) return insert(tokens)
  if (tokens.takes("update")) return update(tokens)
  return tokens.takes("delete") ? remove(tokens) : tokens.unknown()
}

/** Reads a statement; throws `UnknownStatement` for one that isn't in the part of SQL that is known here. */
export const parseStatement = (sql: string): Statement => {
  const tokens = new Tokens(sql)
  const ctes = tokens.takes("with")
    ? tokens.list(() => {
      const name = tokens.name()
      tokens.expects("as")
      return { name, command: tokens.inParentheses(() => command(tokens)) }
    })
    : []
  const main = command(tokens)
  return tokens.peek().kind === "end" ? { with: ctes, main } : tokens.unknown()
}
