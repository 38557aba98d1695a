import { assert, describe, it } from "@effect/vitest"
import { Effect, Predicate } from "effect"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { crossOriginRules } from "../../src/api/crossOrigin.ts"
import { integrationTimeout, maxIntegrationTimeout } from "../../src/api/gatewayLimits.ts"
import { gatewayRoutes } from "../../src/api/gatewayRoutes.ts"
import { maxWaitSeconds } from "../../src/api/Prefer.ts"
import { routeId } from "../../src/programs/generate/apiRoutes.ts"
import { generatedFiles } from "../../src/programs/generate/generatedFiles.ts"
import { withMigrationsHash } from "../../src/programs/generate/migrationTemplate.ts"
import { readTemplate } from "./template.ts"

const textOf = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8")

describe("What is generated", () => {
  for (const { content, path } of generatedFiles) {
    it.effect(`is in ${path} as the sources say; if not, run: npm run generate`, () =>
      Effect.gen(function*() {
        const present = textOf(path)
        assert.strictEqual(yield* content(present), present)
      }))
  }

  it.effect("has the migrations' hash in one line, and isn't written where there is none", () =>
    Effect.gen(function*() {
      const line = "      MigrationsHash: none\n"
      const [before, after] = ["A: 1\n", "B: 2\n"]
      assert.match(yield* withMigrationsHash(before + line + after), /^A: 1\n {6}MigrationsHash: [0-9a-f]{64}\nB: 2\n$/)
      for (const template of [before + after, line + line]) {
        assert.strictEqual((yield* Effect.flip(withMigrationsHash(template)))._tag, "NoPlaceForHash")
      }
    }))
})

describe("The template of the API", () => {
  const { Resources } = readTemplate("api")
  const ofType = (type: string) =>
    Object.entries(Resources).filter(([, resource]) => resource.Type === `AWS::ApiGatewayV2::${type}`)

  const propertiesOf = (type: string) => ofType(type).map(([, { Properties = {} }]) => Properties)

  it("has a resource for each route, and no other", () => {
    assert.deepStrictEqual(
      ofType("Route").map(([id]) => id),
      gatewayRoutes.map(({ key }) => routeId(key))
    )
    assert.strictEqual(new Set(gatewayRoutes.map(({ key }) => routeId(key))).size, gatewayRoutes.length)
  })

  it("verifies tokens where the contract needs one, and asks for no scope anywhere", () => {
    for (const [index, properties] of propertiesOf("Route").entries()) {
      const { key, needsToken, service } = gatewayRoutes[index] ?? assert.fail("one route too many")
      const integration = service === "command" ? "CommandIntegration" : "QueryIntegration"
      assert.deepStrictEqual(properties, {
        ApiId: { Ref: "Api" },
        RouteKey: key,
        Target: { "Fn::Sub": `integrations/\${${integration}}` },
        ...(needsToken
          ? { AuthorizationType: "JWT", AuthorizerId: { Ref: "Authorizer" } }
          : { AuthorizationType: "NONE" })
      })
    }
  })

  it("overwrites the client's address on its way to either service, and gives up in time", () => {
    const integrations = propertiesOf("Integration")
    assert.deepStrictEqual(integrations.map(({ IntegrationUri }) => IntegrationUri), [
      { Ref: "CommandListenerArn" },
      { Ref: "QueryListenerArn" }
    ])
    for (const { RequestParameters, TimeoutInMillis } of integrations) {
      assert.deepStrictEqual(RequestParameters, { "overwrite:header.x-client-ip": "$context.identity.sourceIp" })
      assert.strictEqual(TimeoutInMillis, integrationTimeout)
    }
    assert.isBelow(maxWaitSeconds * 1000, integrationTimeout)
    assert.isBelow(integrationTimeout, maxIntegrationTimeout)
  })

  it("has the rules for other origins only where there are any", () => {
    const [api] = propertiesOf("Api")
    const { exposedHeaders, maxAge, methods, requestHeaders } = crossOriginRules
    assert.deepStrictEqual<unknown>(api?.["CorsConfiguration"], {
      "Fn::If": [
        "HasOrigins",
        {
          AllowOrigins: { Ref: "AllowedOrigins" },
          AllowMethods: methods,
          AllowHeaders: requestHeaders,
          ExposeHeaders: exposedHeaders,
          MaxAge: maxAge
        },
        { Ref: "AWS::NoValue" }
      ]
    })
  })

  it("logs a line of JSON for each request, with nothing in it that tells who asked for what of whom", () => {
    const [stage] = propertiesOf("Stage")
    const settings = stage?.["AccessLogSettings"]
    assert(Predicate.isObject(settings) && Predicate.hasProperty(settings, "Format"))
    const format = settings.Format
    assert(Predicate.isString(format))
    assert.notInclude(format, "\n")
    const line: unknown = JSON.parse(format)
    assert(Predicate.isObject(line))
    assert.includeMembers(Object.values(line), ["$context.requestId", "$context.routeKey", "$context.status"])
    assert.notMatch(format, /identity|claims|userAgent|\$context\.path|requestBody|domainName|querystring/)
  })
})
