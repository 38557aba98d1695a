import { Schema } from "effect"
import { type DeployedResource, told } from "./deployment.ts"
import { isObject } from "./intrinsics.ts"
import type { Json } from "./template.ts"

const OneOrMore = Schema.Union([Schema.String, Schema.Array(Schema.String)])

const common = {
  Sid: Schema.optionalKey(Schema.String),
  Effect: Schema.Literals(["Allow", "Deny"]),
  Action: OneOrMore,
  Condition: Schema.optionalKey(Schema.Json)
}

/** What tests read of a statement. */
const Statement = Schema.Struct({
  ...common,
  Resource: Schema.optionalKey(OneOrMore),
  Principal: Schema.optionalKey(Schema.Json)
})
export type Statement = typeof Statement.Type

/** A statement of a role's own policy: it says of what it is, and it is about nobody else. */
const IdentityStatement = Schema.Struct({ ...common, Resource: OneOrMore })

const documentOf = <S extends Schema.Constraint>(statement: S) =>
  Schema.Struct({ Version: Schema.Literal("2012-10-17"), Statement: Schema.Array(statement) })

// Whatever else a statement may say, NotAction, NotResource and NotPrincipal above all, widens it beyond what tests compare.
const strictly = { onExcessProperty: "error" } as const

const decodeDocument = Schema.decodeUnknownSync(documentOf(Statement), strictly)
const decodeIdentityDocument = Schema.decodeUnknownSync(documentOf(IdentityStatement), strictly)

const Role = Schema.Struct({
  Policies: Schema.optionalKey(Schema.Array(Schema.Struct({ PolicyDocument: Schema.Json }))),
  ManagedPolicyArns: Schema.optionalKey(Schema.Array(Schema.String))
})
const decodeRole = Schema.decodeUnknownSync(Role)

/** One or more as a list. */
export const listOf = (value: string | ReadonlyArray<string> | undefined): ReadonlyArray<string> =>
  value === undefined ? [] : typeof value === "string" ? [value] : value

/** The statements of a role's own policies. Throws where one is in terms that can't be compared, or names no resource. */
export const statementsOf = (role: DeployedResource): ReadonlyArray<Statement> =>
  (decodeRole(role.properties).Policies ?? []).flatMap(({ PolicyDocument }) =>
    decodeIdentityDocument(PolicyDocument).Statement
  )

/** Policies that somebody else writes, and may change. */
export const managedPoliciesOf = (role: DeployedResource): ReadonlyArray<string> =>
  decodeRole(role.properties).ManagedPolicyArns ?? []

/** What is allowed: `action resource`, each once, sorted. A condition is part of it. */
export const allowedBy = (statements: ReadonlyArray<Statement>): ReadonlyArray<string> => {
  const allowed = statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action, Condition, Resource }) =>
    listOf(Action).flatMap((action) =>
      listOf(Resource).map((resource) =>
        [action, resource, ...(Condition === undefined ? [] : [`if ${JSON.stringify(Condition)}`])].join(" ")
      )
    )
  )
  return [...new Set(allowed)].toSorted()
}

/** All documents with statements in what a resource is given, wherever they stand. Throws where one says what no test reads. */
export const documentsIn = (value: Json): ReadonlyArray<ReadonlyArray<Statement>> => {
  if (Array.isArray(value)) return value.flatMap(documentsIn)
  if (!isObject(value)) return []
  return "Statement" in value ? [decodeDocument(value).Statement] : Object.values(value).flatMap(documentsIn)
}

/** How a resource is named where somebody refers to its ARN. */
export const arnOf = ({ name, stack }: DeployedResource): string => told(stack, name, "Arn")
