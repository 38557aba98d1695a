import * as Effect from "effect/Effect"
import type * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiScalar from "effect/http-api/HttpApiScalar"
import * as OpenApi from "effect/http-api/OpenApi"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Layer from "effect/Layer"

/** The paths of `documentation`, for the table of routes. */
export const documentationPaths = ["/openapi.json", "/docs"].map((template) => ({ template, methods: ["GET"] }))

const headers = { "cache-control": "no-cache" }

// A response made of text is encoded anew for each request, which for these is the work of milliseconds and megabytes
// that anybody may ask for. So they are kept as bytes.
const inBytes = (body: Uint8Array, contentType: string) => HttpServerResponse.uint8Array(body, { contentType, headers })

// The page comes as a route: it is asked for once, on a router of its own.
const pageOf = <Id extends string, Groups extends HttpApiGroup.Constraint>(api: HttpApi.HttpApi<Id, Groups>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => HttpRouter.toWebHandler(HttpApiScalar.layer(api, { path: "/docs" }), { disableLogger: true })),
    ({ handler }) =>
      Effect.promise(() => handler(new Request("http://localhost/docs")).then((response) => response.arrayBuffer())),
    ({ dispose }) => Effect.promise(dispose)
  ).pipe(Effect.map((html) => inBytes(new Uint8Array(html), "text/html; charset=utf-8")))

/** The contract for machines (OpenAPI 3.1) and for people. The page brings its script along, so it needs no other server. */
export const documentation = <Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>
): Layer.Layer<never, never, HttpRouter.HttpRouter> =>
  HttpRouter.use(
    Effect.fnUntraced(function*(router) {
      const document = new TextEncoder().encode(JSON.stringify(OpenApi.fromApi(api)))
      yield* router.add("GET", "/openapi.json", inBytes(document, "application/json"))
      yield* router.add("GET", "/docs", yield* Effect.cached(pageOf(api)))
    })
  )
