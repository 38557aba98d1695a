import { assert, describe, it } from "@effect/vitest"
import { HttpApi } from "effect/http-api"
import { readFileSync } from "node:fs"
import { Authentication, moderateScope, writeScope } from "../../../src/api/Authentication.ts"
import { MarginaliaApi } from "../../../src/api/MarginaliaApi.ts"
import { paths } from "../../../src/programs/standalone/http.ts"
import { document, exampleAt, headerAt, isValid, type Operation, operationAt, operations } from "./served.ts"

const each = <A>(of: (operation: Operation, name: string) => ReadonlyArray<A>): ReadonlyArray<readonly [string, A]> =>
  operations.flatMap(({ method, operation, path }) =>
    of(operation, `${method} ${path}`).map((one) => [`${method} ${path}`, one] as const)
  )

const answers = each(({ responses }) => Object.entries(responses))

const contents = [
  ...each(({ requestBody }) => Object.entries(requestBody?.content ?? {})),
  ...answers.flatMap(([name, [status, { content = {} }]]) =>
    Object.entries(content).map((one) => [`${name} ${status}`, one] as const)
  )
]

describe("The OpenAPI document", () => {
  it("has the version of the package, and names every tag that is used", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"))
    assert.strictEqual(document.info.version, version)
    const used = new Set(operations.map(({ operation }) => operation.tags[0]))
    assert.sameMembers(document.tags.map(({ name }) => name), Array.from(used))
  })

  it("has an operation for each route that the programs know, and no other", () => {
    const routes = paths.flatMap(({ methods, template }) =>
      methods.map((method) => `${method} ${template.replace(/:(\w+)/g, "{$1}")}`)
    )
    assert.sameMembers(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`), routes)
  })

  it("names each operation once, and the parameters that its path has", () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    assert.strictEqual(new Set(ids).size, ids.length)
    for (const { operation, path } of operations) {
      const inPath = operation.parameters.filter((parameter) => parameter.in === "path")
      assert.deepStrictEqual(
        inPath.map(({ name }) => name),
        Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name)
      )
      assert.isTrue(inPath.every(({ required }) => required))
    }
  })

  it("has no reference that leads nowhere, and no component that nobody refers to but the headers in reserve", () => {
    const text = JSON.stringify(document)
    const referred = new Set(Array.from(text.matchAll(/"\$ref":"#\/components\/([^"]+)"/g), ([, name]) => name))
    const { examples, headers, schemas } = document.components
    const there = (kind: string, components: object) => Object.keys(components).map((name) => `${kind}/${name}`)
    assert.includeMembers(
      [...there("examples", examples), ...there("headers", headers), ...there("schemas", schemas)],
      Array.from(referred, (name) => name ?? "")
    )
    assert.includeMembers(Array.from(referred), [...there("schemas", schemas), ...there("examples", examples)])
  })

  it("leads by its links to operations that there are, by parameters that they have", () => {
    const links = answers.flatMap(([, [, { links = {} }]]) => Object.values(links))
    assert.isNotEmpty(links)
    for (const { operationId, parameters } of links) {
      const known = operationAt(operationId).parameters.flatMap((parameter) => [
        parameter.name,
        `${parameter.in}.${parameter.name}`
      ])
      assert.includeMembers(known, Object.keys(parameters))
    }
  })
})

describe("Every operation in the OpenAPI document", () => {
  it("needs the token and the scopes that its endpoint asks for, and none where it asks for none", () => {
    const needed = operations.filter(({ operation }) => operation.security.length > 0)
    const asked: Array<string> = []
    HttpApi.reflect(MarginaliaApi, {
      onGroup: () => {},
      onEndpoint: ({ endpoint, group }) => {
        if (endpoint.middlewares.has(Authentication)) asked.push(`${group.identifier}.${endpoint.identifier}`)
      }
    })
    assert.sameMembers(needed.map(({ operation }) => operation.operationId), asked)
    assert.deepStrictEqual(operationAt("commands.postComment").security, [{ bearer: [writeScope] }])
    assert.deepStrictEqual(operationAt("commands.deleteComment").security, [
      { bearer: [writeScope] },
      { bearer: [moderateScope] }
    ])
    assert.deepStrictEqual(operationAt("queries.history").security, [{ bearer: [] }])
    assert.include(JSON.stringify(document.components.securitySchemes), moderateScope)
  })

  it("has for each parameter an example that its schema takes", () => {
    for (const [name, parameter] of each(({ parameters }) => parameters)) {
      assert.isTrue(isValid(parameter.schema, parameter.example), `${name} ${parameter.name}`)
    }
  })

  it("has for each body, asked or answered, examples that its schema takes", () => {
    for (const [name, [type, { examples, schema }]] of contents) {
      assert.isNotEmpty(examples, name)
      for (const example of Object.values(examples)) {
        assert.isTrue(isValid(schema, exampleAt(example)), `${name} ${type} ${JSON.stringify(example)}`)
      }
    }
  })

  it("takes and gives no property in a body that isn't in the contract", () => {
    const closed = Object.entries(document.components.schemas).filter(([name]) => name !== "OpenApiDocument")
    for (const [name, schema] of closed) assert.strictEqual(schema["additionalProperties"], false, name)
  })

  it("has X-Request-Id on each answer, and headers whose examples their schemas take", () => {
    for (const [name, [status, { headers }]] of answers) {
      assert.isTrue(headerAt(headers["X-Request-Id"] ?? { $ref: "" })?.required, `${name} ${status}`)
      for (const [header, use] of Object.entries(headers)) {
        const { example, schema } = headerAt(use) ?? assert.fail(header)
        assert.isTrue(isValid(schema, example), `${name} ${status} ${header}`)
      }
    }
  })

  it("has a body on each answer but 204 and 304, a problem on each refusal, and what may go wrong anywhere", () => {
    for (const [name, [status, { content = {} }]] of answers) {
      const types = Object.keys(content)
      const isCheck = name === "get /health/ready" && status === "503"
      if (status === "204" || status === "304") assert.isEmpty(types, name)
      else if (isCheck) assert.sameMembers(types, ["application/json", "application/problem+json"])
      else if (status >= "400") assert.deepStrictEqual(types, ["application/problem+json"], name)
      else assert.strictEqual(types.length, 1, name)
    }
    for (const { method, operation, path } of operations) {
      const statuses = Object.keys(operation.responses)
      assert.isTrue(statuses.some((status) => status.startsWith("2")), `${method} ${path}`)
      assert.includeMembers(statuses, ["400", "405", "408", "431", "500", "503"], `${method} ${path}`)
      if (operation.security.length > 0) assert.includeMembers(statuses, ["401", "429"], `${method} ${path}`)
      if (operation.requestBody !== undefined) assert.includeMembers(statuses, ["413", "415", "422"])
      if (operation.tags[0] === "queries") assert.includeMembers(statuses, ["304", "429"])
    }
  })
})
