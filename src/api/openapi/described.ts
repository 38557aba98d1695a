import type * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { moderateScope, writeScope } from "../Authentication.ts"
import { answersOf } from "./answers.ts"
import type { Operation } from "./Document.ts"
import { bodyExamples } from "./examples.ts"
import type { Facts } from "./Facts.ts"
import { factsOf } from "./Facts.ts"
import { headerComponents } from "./headers.ts"
import { parameterOf } from "./parameters.ts"
import { problemExamples } from "./problems.ts"
import { problemOf, schemaComponents } from "./schemas.ts"
import { DocumentationApi } from "./ServedApi.ts"
import { contentOf } from "./successAnswers.ts"

const bearer = {
  type: "http",
  scheme: "bearer",
  bearerFormat: "JWT",
  description:
    `A JWT of the deployment's OpenID Connect issuer (RFC 6750). Its \`sub\` is the caller. Scopes: \`${writeScope}\` to post, edit and delete what is one's own; \`${moderateScope}\` to delete, and read the history of, what others wrote.`
}

const securityOf = ({ needsToken, scopes }: Facts): Operation["security"] => {
  if (!needsToken) return []
  return scopes.length === 0 ? [{ bearer: [] }] : scopes.map((scope) => ({ bearer: [scope] }))
}

const open: Facts = { needsToken: false, scopes: [] }

const methods = ["get", "post", "patch", "delete"] as const

/** The document that the generator made of the contracts, completed by all that contracts can't say. */
const complete = (generated: OpenApi.OpenAPISpec, facts: ReadonlyMap<string, Facts>) => {
  const { components, info, openapi, paths, servers, tags } = generated
  const problemsIn = (value: unknown): ReadonlyArray<string> =>
    Array.from(
      JSON.stringify(value ?? null).matchAll(/"#\/components\/schemas\/([\w.-]+)"/g),
      ([, name = ""]) => components.schemas[name]
    ).flatMap((schema) => schema === undefined ? [] : problemOf(schema) ?? [])

  const operationOf = (path: string, method: string, operation: OpenApi.OpenAPISpecOperation): Operation => {
    const { description = "", operationId, parameters, requestBody, responses, summary = "", tags } = operation
    const known = facts.get(operationId) ?? open
    return {
      operationId,
      tags,
      summary,
      description,
      security: securityOf(known),
      parameters: parameters.map((parameter) => parameterOf(operationId, parameter)),
      ...(requestBody === undefined
        ? {}
        : { requestBody: { ...requestBody, content: contentOf(requestBody.content) } }),
      responses: answersOf({ ...known, operationId, method, path, responses, problemsIn })
    }
  }

  const entries = Object.entries(paths).map(([path, item]) => [
    path,
    Object.fromEntries(methods.flatMap((method) => {
      const operation = item[method]
      return operation === undefined ? [] : [[method, operationOf(path, method, operation)]]
    }))
  ])
  const examples = [...Object.entries(bodyExamples), ...problemExamples()]
  return {
    openapi,
    info,
    ...(servers === undefined ? {} : { servers }),
    tags,
    security: [],
    paths: Object.fromEntries(entries),
    components: {
      schemas: schemaComponents(components.schemas),
      headers: headerComponents(),
      examples: Object.fromEntries(examples.map(([name, value]) => [name, { value }])),
      securitySchemes: { bearer }
    }
  }
}

/**
 * A contract whose OpenAPI document is complete: with every answer of every operation, with the headers, examples and
 * rules that no schema of the contract has, and with the documentation's own addresses. The document is made when it is
 * asked for.
 */
export const described = <Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>
) => {
  const whole = api.addHttpApi(DocumentationApi)
  return whole.annotate(OpenApi.Transform, () => complete(OpenApi.fromApi(whole), factsOf(whole)))
}
