import { assert, describe } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { assertStatus } from "../assertAnswer.ts"
import { commentOf, edit, newPicture, post, remove, unknownId } from "../comments.ts"
import { exchange, jsonOf, type Reply } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody } from "../people.ts"
import { get, head } from "../queries.ts"

const Operation = Schema.Struct({
  operationId: Schema.NonEmptyString,
  summary: Schema.NonEmptyString,
  parameters: Schema.optionalKey(Schema.Array(Schema.Struct({
    name: Schema.NonEmptyString,
    in: Schema.Literals(["path", "query", "header"]),
    required: Schema.Boolean
  }))),
  responses: Schema.Record(
    Schema.String.check(Schema.isPattern(/^[1-5]\d\d$/)),
    Schema.Struct({ description: Schema.NonEmptyString, headers: Schema.Record(Schema.String, Schema.Json) })
  )
})
const decodeDocument = Schema.decodeUnknownSync(Schema.Struct({
  openapi: Schema.String.check(Schema.isPattern(/^3\.1\.\d+$/)),
  info: Schema.Struct({ title: Schema.NonEmptyString, version: Schema.NonEmptyString }),
  paths: Schema.Record(Schema.String, Schema.Record(Schema.String, Operation))
}))

const expected: Readonly<Record<string, ReadonlyArray<string>>> = {
  "/pictures/{pictureId}/comments": ["get", "post"],
  "/pictures/{pictureId}/comments/count": ["get"],
  "/comment-counts": ["get"],
  "/users/{userId}/comments": ["get"],
  "/comments/{commentId}": ["delete", "get", "patch"],
  "/comments/{commentId}/history": ["get"],
  "/commands/{commandId}": ["get"]
}

const referencesIn = (json: unknown): ReadonlyArray<string> => {
  if (typeof json !== "object" || json === null) return []
  return Object.entries(json).flatMap(([key, value]) =>
    key === "$ref" && typeof value === "string" ? [value] : referencesIn(value)
  )
}

const resolve = (document: unknown, reference: string): unknown =>
  reference.replace(/^#\//, "").split("/").reduce<unknown>(
    (at, name) =>
      typeof at === "object" && at !== null
        ? Reflect.get(at, name.replaceAll("~1", "/").replaceAll("~0", "~"))
        : undefined,
    document
  )

// What HTTP itself needs, what the description says of all answers, and the gateway's own.
const transport = new Set(["connection", "content-length", "content-type", "date", "keep-alive", "transfer-encoding"])

const onAnyAnswer = (document: unknown, name: string): boolean =>
  transport.has(name) || JSON.stringify(document).toLowerCase().includes(`\`${name}\``)

/** Asserts that an answer is one that the document tells, with no header that it doesn't. */
const assertDescribed = (document: unknown, operation: typeof Operation.Type, { headers, status }: Reply): void => {
  const { operationId, responses } = operation
  const answer = responses[status] ?? assert.fail(`${operationId} isn't said to answer ${status}`)
  const names = Object.keys(answer.headers).map((name) => name.toLowerCase())
  const untold = Object.keys(headers).filter((name) => !names.includes(name) && !onAnyAnswer(document, name))
  assert.isEmpty(untold, `${operationId} ${status}`)
}

// Whoever comes by a gateway doesn't come to these.
const isOperators = (path: string): boolean => /^\/(?:health\/|metrics$)/.test(path)

const document = Effect.map(get("/openapi.json"), (reply) => jsonOf(assertStatus(reply, 200)))

export const documentation: Part = (it) =>
  describe("The documentation", () => {
    it.effect("is OpenAPI 3.1 at /openapi.json, with every route of both contracts", () =>
      Effect.gen(function*() {
        const { paths } = decodeDocument(yield* document)
        const found = Object.entries(paths).map(([path, operations]) => [path, Object.keys(operations).toSorted()])
        assert.deepInclude(Object.fromEntries(found), expected)
      }))

    it.effect("declares each parameter of a path, names each operation once, and says what it answers", () =>
      Effect.gen(function*() {
        const { paths } = decodeDocument(yield* document)
        const ids: Array<string> = []
        for (const [path, operations] of Object.entries(paths)) {
          for (const [method, { operationId, parameters = [], responses }] of Object.entries(operations)) {
            ids.push(operationId)
            const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name)
            const declared = parameters.filter((parameter) => parameter.in === "path")
            assert.deepStrictEqual(declared.map(({ name }) => name), inPath)
            assert.isTrue(declared.every(({ required }) => required))
            assert.isTrue(Object.keys(responses).some((status) => status.startsWith("2")), `${method} ${path}`)
          }
        }
        assert.strictEqual(new Set(ids).size, ids.length)
      }))

    it.effect("tells the methods that each address has, and each of an address's headers", () =>
      Effect.gen(function*() {
        const json = yield* document
        const { paths } = decodeDocument(json)
        for (const [path, operations] of Object.entries(paths)) {
          if (isOperators(path)) continue
          const url = path.replace(/\{\w+\}/g, unknownId())
          const allow = assertStatus(yield* exchange({ method: "OPTIONS", path: url }), 204).headers["allow"] ?? ""
          const methods = Object.keys(operations).map((method) => method.toUpperCase())
          const head = methods.includes("GET") ? ["HEAD"] : []
          assert.sameMembers(allow.split(", "), [...methods, ...head, "OPTIONS"], path)

          const { get: operation } = operations
          if (operation === undefined) continue
          assertDescribed(json, operation, yield* get(url))
        }
      }))

    it.effect("tells each header of what is answered to a command, and to who asks for a development token", () =>
      Effect.gen(function*() {
        const json = yield* document
        const { paths } = decodeDocument(json)
        const by = yield* anybody
        const reply = yield* post(newPicture(), by, "text")
        const { id } = commentOf(reply)
        const replies: ReadonlyArray<readonly [string, string, Reply]> = [
          ["/pictures/{pictureId}/comments", "post", assertStatus(reply, 201)],
          ["/pictures/{pictureId}/comments", "post", assertStatus(yield* post(newPicture(), by, ""), 422)],
          ["/comments/{commentId}", "patch", assertStatus(yield* edit(id, by, "other"), 200)],
          ["/comments/{commentId}", "delete", assertStatus(yield* remove(id, by), 204)],
          ["/comments/{commentId}", "patch", assertStatus(yield* edit(id, by, "late"), 410)]
        ]
        for (const [path, method, reply] of replies) {
          assertDescribed(json, paths[path]?.[method] ?? assert.fail(`${method} ${path} isn't described`), reply)
        }
        const development = paths["/dev/token"]?.["post"]
        if (development === undefined) return
        const headers = { "content-type": "application/json" }
        const token = yield* exchange({ method: "POST", path: "/dev/token", headers, body: "{\"sub\":\"ana\"}" })
        assertDescribed(json, development, assertStatus(token, 200))
      }))

    it.effect("says which answers are the gateway's own", () =>
      Effect.gen(function*() {
        assert.include(JSON.stringify(yield* document), "apigw-requestid")
      }))

    it.effect("has no reference that leads nowhere", () =>
      Effect.gen(function*() {
        const json = yield* document
        for (const reference of referencesIn(json)) {
          assert.match(reference, /^#\//)
          assert.isDefined(resolve(json, reference), reference)
        }
      }))

    it.effect("is a page for people at /docs", () =>
      Effect.gen(function*() {
        const page = assertStatus(yield* get("/docs"), 200)
        assert.match(page.headers["content-type"] ?? "", /^text\/html/)
        assert.include(page.text, "Marginalia")
        assertStatus(yield* head("/docs"), 200)
      }))
  })
