/** An expression, as it is written. */
export type Expression =
  | { readonly _tag: "Literal"; readonly value: null | boolean | number | string }
  | { readonly _tag: "Parameter"; readonly index: number }
  | { readonly _tag: "Column"; readonly table: string | null; readonly name: string }
  | { readonly _tag: "Call"; readonly name: string; readonly args: ReadonlyArray<Expression> }
  | { readonly _tag: "CountAll" }
  | { readonly _tag: "Row"; readonly items: ReadonlyArray<Expression> }
  | { readonly _tag: "Scalar"; readonly select: Select }
  | { readonly _tag: "Cast"; readonly value: Expression; readonly type: string }
  | { readonly _tag: "IsNull"; readonly value: Expression; readonly negated: boolean }
  | { readonly _tag: "Any"; readonly value: Expression; readonly array: Expression }
  | { readonly _tag: "Not"; readonly value: Expression }
  | { readonly _tag: "Binary"; readonly operator: Operator; readonly left: Expression; readonly right: Expression }

export type Operator = "AND" | "OR" | "=" | "<>" | "<" | ">" | "<=" | ">=" | "+" | "-" | "*"

export interface Item {
  readonly value: Expression | "*"
  /** Null where the server gives it one. */
  readonly name: string | null
}

export type Source =
  | { readonly _tag: "Table"; readonly name: string }
  | { readonly _tag: "Subselect"; readonly select: Select }
  | { readonly _tag: "Unnest"; readonly arrays: ReadonlyArray<Expression>; readonly ordinality: boolean }

export interface Join {
  readonly kind: "inner" | "left" | "full"
  readonly source: Source
  readonly alias: string | null
  readonly columns: ReadonlyArray<string>
  /** Null for the first of a list. */
  readonly on: Expression | null
}

export interface Order {
  readonly by: Expression
  readonly descending: boolean
}

export interface Core {
  readonly items: ReadonlyArray<Item>
  readonly from: ReadonlyArray<Join>
  readonly where: Expression | null
  readonly groupBy: ReadonlyArray<Expression>
}

export interface Select {
  readonly _tag: "Select"
  /** More than one for a `UNION ALL`. */
  readonly cores: readonly [Core, ...ReadonlyArray<Core>]
  readonly orderBy: ReadonlyArray<Order>
  readonly limit: Expression | null
  readonly forUpdate: boolean
}

export interface Assignment {
  readonly column: string
  readonly value: Expression
}

export interface Conflict {
  /** None: any unique constraint. */
  readonly target: ReadonlyArray<string>
  /** Null to do nothing. */
  readonly set: ReadonlyArray<Assignment> | null
  readonly where: Expression | null
}

export interface Insert {
  readonly _tag: "Insert"
  readonly table: string
  readonly columns: ReadonlyArray<string>
  readonly source: Select | ReadonlyArray<ReadonlyArray<Expression>>
  readonly conflict: Conflict | null
  readonly returning: ReadonlyArray<Item>
}

export interface Update {
  readonly _tag: "Update"
  readonly table: string
  readonly set: ReadonlyArray<Assignment>
  readonly from: ReadonlyArray<Join>
  readonly where: Expression | null
  readonly returning: ReadonlyArray<Item>
}

export interface Delete {
  readonly _tag: "Delete"
  readonly table: string
  readonly where: Expression | null
  readonly returning: ReadonlyArray<Item>
}

export type Command = Select | Insert | Update | Delete

export interface Statement {
  readonly with: ReadonlyArray<{ readonly name: string; readonly command: Command }>
  readonly main: Command
}
