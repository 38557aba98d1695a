import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiScalar from "effect/http-api/HttpApiScalar"
import * as OpenApi from "effect/http-api/OpenApi"
import { MarginaliaApi } from "../MarginaliaApi.ts"

/** The paths of `documentation`, for the table of routes. */
export const documentationPaths = ["/openapi.json", "/docs"].map((template) => ({ template, methods: ["GET"] }))

/** The contract for machines (OpenAPI 3.1) and for people. The page brings its script along, so it needs no other server. */
export const documentation: Layer.Layer<never, never, HttpRouter.HttpRouter> = Layer.mergeAll(
  HttpRouter.use((router) =>
    Effect.suspend(() => {
      const document = HttpServerResponse.jsonUnsafe(OpenApi.fromApi(MarginaliaApi), {
        headers: { "cache-control": "no-cache" }
      })
      return router.add("GET", "/openapi.json", document)
    })
  ),
  HttpApiScalar.layer(MarginaliaApi, { path: "/docs" })
)
