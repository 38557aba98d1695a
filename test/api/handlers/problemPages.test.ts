import { assert, describe, it } from "@effect/vitest"
import { Effect, Predicate } from "effect"
import { HttpServerRespondable } from "effect/http"
import { explanations } from "../../../src/api/handlers/problemPages.ts"
import * as Problems from "../../../src/api/Problems.ts"

const made = (exported: Function): unknown => Reflect.construct(exported, [{ detail: "What happened.", errors: [] }])

/** An instance of each class of problem that the contract has. */
const instances = Object.entries(Problems).flatMap(([name, exported]) => {
  const problem = Predicate.isFunction(exported) ? made(exported) : undefined
  return HttpServerRespondable.isRespondable(problem) ? [{ name, problem }] : []
})

describe("The page of a problem", () => {
  it.effect("is there for each of the contract's, with its status and title", () =>
    Effect.gen(function*() {
      assert.isAbove(instances.length, 15)
      for (const { name, problem } of instances) {
        const { body, status } = yield* HttpServerRespondable.toResponse(problem)
        assert(body._tag === "Uint8Array", name)
        const json: unknown = JSON.parse(Buffer.from(body.body).toString())
        assert(Predicate.hasProperty(json, "type") && Predicate.hasProperty(json, "title"), name)
        const { status: explained, title } = explanations[String(json.type).replace(/^\/problems\//, "")] ?? {}
        assert.deepStrictEqual({ status: explained, title }, { status, title: json.title }, name)
      }
    }))

  it("says in sentences why it happens and what to do", () => {
    for (const [name, { cause, remedy }] of Object.entries(explanations)) {
      assert.match(name, /^[a-z]+(?:-[a-z]+)*$/)
      for (const text of [cause, remedy]) assert.match(text, /^[A-Z].+[.>]$/)
    }
  })
})
