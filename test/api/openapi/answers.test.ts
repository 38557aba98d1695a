import { assert, describe, it } from "@effect/vitest"
import { explanations } from "../../../src/api/handlers/problemPages.ts"
import { answersTo, document, headersOf, isValid } from "./served.ts"

describe("The problems in the OpenAPI document", () => {
  it("are those that have a page, to the letter", () => {
    const problems = Object.entries(document.components.examples).filter(([, { value }]) =>
      JSON.stringify(value).includes("\"/problems/")
    )
    assert.sameMembers(problems.map(([name]) => name), Object.keys(explanations))
    for (const [name, { value }] of problems) {
      const { status, title } = explanations[name] ?? assert.fail(name)
      assert.deepInclude<unknown>(value, { type: `/problems/${name}`, status, title })
      const schema = { $ref: `#/components/schemas/${name}` }
      assert.isTrue(isValid(schema, value))
      for (const other of [{ status: 200 }, { title: "" }, { type: "/problems/other" }]) {
        assert.isFalse(isValid(schema, Object.assign({}, value, other)), name)
      }
    }
  })

  it("are told with the headers that go with them", () => {
    const edit = answersTo("commands.editComment")
    assert.includeMembers(headersOf(edit["401"]), ["WWW-Authenticate", "Cache-Control", "RateLimit?"])
    assert.includeMembers(headersOf(edit["403"]), ["WWW-Authenticate?"])
    assert.includeMembers(headersOf(edit["405"]), ["Allow"])
    assert.includeMembers(headersOf(edit["409"]), ["Retry-After", "Consistency-Token"])
    assert.includeMembers(headersOf(edit["410"]), ["Consistency-Token"])
    assert.includeMembers(headersOf(edit["412"]), ["Consistency-Token"])
    assert.includeMembers(headersOf(edit["415"]), ["Accept"])
    assert.includeMembers(headersOf(edit["429"]), ["Retry-After", "RateLimit?", "RateLimit-Policy?"])
    assert.includeMembers(headersOf(edit["503"]), ["Retry-After"])
    assert.notInclude(headersOf(answersTo("queries.comment")["410"]), "Consistency-Token")
    assert.sameMembers(headersOf(answersTo("operations.ready")["503"]), [
      "X-Request-Id",
      "Cache-Control",
      "Retry-After?"
    ])
  })

  it("aren't told where they can't be: no missing scope where any valid token will do", () => {
    assert.notProperty(answersTo("acceptedCommands.commandStatus"), "403")
    assert.notInclude(JSON.stringify(answersTo("queries.history")["403"]), "insufficient-scope")
  })
})

describe("What is answered without a problem, in the OpenAPI document,", () => {
  it("has the headers of the contract", () => {
    const common = ["X-Request-Id", "RateLimit?", "RateLimit-Policy?", "Cache-Control"]
    const command = [...common, "Consistency-Token", "Idempotency-Replayed?"]
    assert.sameMembers(headersOf(answersTo("commands.postComment")["201"]), [...command, "ETag", "Location"])
    assert.sameMembers(headersOf(answersTo("commands.editComment")["200"]), [...command, "ETag"])
    assert.sameMembers(headersOf(answersTo("commands.deleteComment")["204"]), command)
    assert.sameMembers(
      headersOf(answersTo("commands.postComment")["202"]),
      [...common, "Location", "Preference-Applied", "Retry-After?", "Idempotency-Replayed?"]
    )
    for (const status of ["200", "304"]) {
      assert.sameMembers(headersOf(answersTo("queries.picturePage")[status]), [...common, "ETag", "Link?"])
      assert.sameMembers(headersOf(answersTo("queries.comment")[status]), [...common, "ETag"])
    }
    assert.include(JSON.stringify(answersTo("queries.history")["200"]), "no-store")
    assert.include(JSON.stringify(answersTo("queries.comment")["200"]), "no-cache")
  })
})
