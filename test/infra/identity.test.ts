import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { runInNewContext } from "node:vm"
import { readTemplate } from "./template.ts"

const FunctionProperties = Schema.Struct({ Code: Schema.Struct({ ZipFile: Schema.String }) })

const Answer = Schema.Struct({
  version: Schema.String,
  response: Schema.Struct({
    claimsAndScopeOverrideDetails: Schema.Struct({
      accessTokenGeneration: Schema.Struct({
        scopesToAdd: Schema.Array(Schema.String),
        scopesToSuppress: Schema.Array(Schema.String)
      })
    })
  })
})

const Handler = Schema.Struct({
  handler: Schema.declare((value: unknown): value is (event: unknown) => Promise<unknown> =>
    typeof value === "function"
  )
})

/** What the function in the template answers to an event, as Cognito's documentation has events of version 2. */
const ask = Effect.fnUntraced(function*(groupConfiguration: unknown) {
  const { Resources } = readTemplate("identity")
  const { Code } = yield* Schema.decodeUnknownEffect(FunctionProperties)(Resources["ScopesFunction"]?.Properties)
  const exports = {}
  runInNewContext(Code.ZipFile, { exports })
  const { handler } = yield* Schema.decodeUnknownEffect(Handler)(exports)
  const event = {
    version: "2",
    triggerSource: "TokenGeneration_Authentication",
    userName: "ana",
    request: { groupConfiguration, scopes: ["aws.cognito.signin.user.admin"], userAttributes: { sub: "some-uuid" } },
    response: { claimsAndScopeOverrideDetails: null }
  }
  return yield* Schema.decodeUnknownEffect(Answer)(yield* Effect.promise(() => handler(event)))
})

describe("The token issuer for development", () => {
  it.effect.each(
    [
      ["everybody write", {}, []],
      ["everybody write, in whichever other group they are", { groupsToOverride: ["friends"] }, []],
      ["moderators write and moderate", { groupsToOverride: ["moderators"] }, ["marginalia/comments:moderate"]]
    ] as const
  )(
    "lets %s, and nobody change their user by a token that others are sent",
    ([_name, groups, more]) =>
      Effect.gen(function*() {
        const { response, version } = yield* ask(groups)
        assert.strictEqual(version, "2")
        assert.deepStrictEqual(response.claimsAndScopeOverrideDetails.accessTokenGeneration, {
          scopesToAdd: ["marginalia/comments:write", ...more],
          scopesToSuppress: ["aws.cognito.signin.user.admin"]
        })
      })
  )

  it.effect("tells the two names by which its function gives the scopes", () =>
    Effect.gen(function*() {
      const { response } = yield* ask({ groupsToOverride: ["moderators"] })
      const { Outputs = {} } = readTemplate("identity")
      assert.deepStrictEqual<unknown>(
        [Outputs["WriteScope"]?.Value, Outputs["ModerateScope"]?.Value],
        response.claimsAndScopeOverrideDetails.accessTokenGeneration.scopesToAdd
      )
    }))
})
