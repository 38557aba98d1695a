import { Data } from "effect"

/** The simulated Postgres knows no statement like this. It is a defect of the simulation, and never a violation. */
export class UnknownStatement extends Data.TaggedError("UnknownStatement")<{ readonly message: string }> {}

interface Token {
  readonly kind: "word" | "name" | "number" | "text" | "parameter" | "sign" | "end"
  readonly text: string
}

const pattern =
  /\s+|(?<text>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*")|\$(?<parameter>\d+)|(?<number>\d+(?:\.\d+)?)|(?<word>[a-z_]\w*)|(?<sign>::|\[\]|<>|<=|>=|[-+*=<>(),.])/giy

const end: Token = { kind: "end", text: "" }

const tokenOf = (groups: Readonly<Record<string, string | undefined>>): Token | undefined => {
  const { name, number, parameter, sign, text, word } = groups
  if (word !== undefined) return { kind: "word", text: word.toLowerCase() }
  if (sign !== undefined) return { kind: "sign", text: sign }
  if (parameter !== undefined) return { kind: "parameter", text: parameter }
  if (text !== undefined) return { kind: "text", text: text.slice(1, -1).replaceAll("''", "'") }
  if (name !== undefined) return { kind: "name", text: name.slice(1, -1).replaceAll("\"\"", "\"") }
  return number === undefined ? undefined : { kind: "number", text: number }
}

/** The tokens of a statement, read one after the other. Words are in lower case, as they are for Postgres. */
export class Tokens {
  readonly #sql: string
  readonly #tokens: Array<Token> = []
  #place = 0

  constructor(sql: string) {
    this.#sql = sql
    let length = 0
    for (const match of sql.matchAll(pattern)) {
      length += match[0].length
      const token = tokenOf(match.groups ?? {})
      if (token !== undefined) this.#tokens.push(token)
    }
    if (length !== sql.length) this.unknown()
  }

  unknown(): never {
    const near = this.#tokens.slice(this.#place, this.#place + 5).map(({ text }) => text).join(" ")
    throw new UnknownStatement({
      message: `the simulated Postgres doesn't know this statement (near "${near}"): ${this.#sql}`
    })
  }

  /** The token that comes after so many others. */
  peek(ahead = 0): Token {
    return this.#tokens[this.#place + ahead] ?? end
  }

  next(): Token {
    const token = this.peek()
    this.#place++
    return token
  }

  /** Whether these words or signs come next, one after the other. */
  sees(...texts: ReadonlyArray<string>): boolean {
    return texts.every((text, ahead) => {
      const { kind, text: found } = this.peek(ahead)
      return (kind === "word" || kind === "sign") && found === text
    })
  }

  /** Takes these if they come next. */
  takes(...texts: ReadonlyArray<string>): boolean {
    const isThere = this.sees(...texts)
    if (isThere) this.#place += texts.length
    return isThere
  }

  expects(...texts: ReadonlyArray<string>): void {
    if (!this.takes(...texts)) this.unknown()
  }

  name(): string {
    const { kind, text } = this.next()
    return kind === "word" || kind === "name" ? text : this.unknown()
  }

  /** One or more of something, with commas between. */
  list<A>(one: () => A): ReadonlyArray<A> {
    const all = [one()]
    while (this.takes(",")) all.push(one())
    return all
  }

  inParentheses<A>(content: () => A): A {
    this.expects("(")
    const value = content()
    this.expects(")")
    return value
  }
}
