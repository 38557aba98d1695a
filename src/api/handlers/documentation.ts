import * as Effect from "effect/Effect"
import type * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiScalar from "effect/http-api/HttpApiScalar"
import * as OpenApi from "effect/http-api/OpenApi"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Layer from "effect/Layer"
import { createHash } from "node:crypto"
import { described } from "../openapi/described.ts"

/** The paths of `documentation`, for the table of routes. */
export const documentationPaths = ["/openapi.json", "/docs"].map((template) => ({ template, methods: ["GET"] }))

const headers = { "cache-control": "no-cache" }

// A response made of text is encoded anew for each request, which for these is the work of milliseconds and megabytes
// that anybody may ask for. So they are kept as bytes.
const inBytes = (body: Uint8Array, contentType: string) => HttpServerResponse.uint8Array(body, { contentType, headers })

// https://www.w3.org/TR/CSP3/#match-element-to-source-list
const hashOf = (script: string): string => `'sha256-${createHash("sha256").update(script).digest("base64")}'`

/**
 * The policy for a page that brings its own scripts: those run, byte for byte, and no other. They may ask this server, and
 * make styles, which nobody else could put into the page without a script.
 */
const policyFor = (html: string): string => {
  const scripts = Array.from(html.matchAll(/<script>(.*?)<\/script>/gs), ([, script = ""]) => hashOf(script))
  return [
    "default-src 'none'",
    `script-src ${scripts.join(" ")}`,
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join("; ")
}

// The page comes as a route: it is asked for once, on a router of its own. Its fonts are the reader's: others' are elsewhere.
const pageOf = <Id extends string, Groups extends HttpApiGroup.Constraint>(api: HttpApi.HttpApi<Id, Groups>) =>
  Effect.acquireUseRelease(
    Effect.sync(() =>
      HttpRouter.toWebHandler(HttpApiScalar.layer(api, { path: "/docs", scalar: { withDefaultFonts: false } }), {
        disableLogger: true
      })
    ),
    ({ handler }) =>
      Effect.promise(() => handler(new Request("http://localhost/docs")).then((response) => response.text())),
    ({ dispose }) => Effect.promise(dispose)
  ).pipe(
    Effect.map((html) =>
      HttpServerResponse.setHeader(
        inBytes(new TextEncoder().encode(html), "text/html; charset=utf-8"),
        "content-security-policy",
        policyFor(html)
      )
    )
  )

/** The contract for machines (OpenAPI 3.1) and for people. The page brings its script along, so it needs no other server. */
export const documentation = <Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>
): Layer.Layer<never, never, HttpRouter.HttpRouter> =>
  HttpRouter.use(
    Effect.fnUntraced(function*(router) {
      const contract = described(api)
      const document = Effect.sync(() => new TextEncoder().encode(JSON.stringify(OpenApi.fromApi(contract))))
      yield* router.add(
        "GET",
        "/openapi.json",
        yield* Effect.cached(Effect.map(document, (bytes) => inBytes(bytes, "application/json")))
      )
      yield* router.add("GET", "/docs", yield* Effect.cached(pageOf(contract)))
    })
  )
