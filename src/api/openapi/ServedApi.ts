import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { MalformedRequest, RouteNotFound } from "../Problems.ts"

// What these routes answer is served by handlers without a contract: nothing of it is decoded, and no client is made of
// it. Here it is only described.

const noStore = { "cache-control": Schema.Literal("no-store") }
const noCache = { "cache-control": Schema.Literal("no-cache") }
const html = Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/html" }))

/** An OpenAPI document, as far as this one promises anything of itself. */
export const OpenApiDocument = Schema.StructWithRest(
  Schema.Struct({ openapi: Schema.String, info: Schema.JsonObject, paths: Schema.JsonObject }),
  [Schema.Record(Schema.String, Schema.Json)]
).annotate({ identifier: "OpenApiDocument", description: "A document as the OpenAPI Specification 3.1 has it." })

class DocumentationGroup extends HttpApiGroup.make("documentation")
  .add(
    HttpApiEndpoint.get("openApi", "/openapi.json", { success: HttpApiSchema.WithHeaders(OpenApiDocument, noCache) })
      .annotate(OpenApi.Summary, "This document")
      .annotate(OpenApi.Description, "The contract for machines, generated from the code that serves it."),
    HttpApiEndpoint.get("docs", "/docs", { success: HttpApiSchema.WithHeaders(html, noCache) })
      .annotate(OpenApi.Summary, "This document, for people")
      .annotate(OpenApi.Description, "A page that brings all it needs along."),
    HttpApiEndpoint.get("problemPage", "/problems/:name", {
      params: { name: Schema.String.annotate({ description: "The last part of a problem's `type`." }) },
      success: html,
      error: [MalformedRequest, RouteNotFound]
    })
      .annotate(OpenApi.Summary, "What a problem means, and what to do about it")
      .annotate(OpenApi.Description, "The page that a problem's `type` leads to.")
  )
  .annotate(OpenApi.Description, "What the contract is, for machines and for people.")
{}

/** What is served beside the contracts wherever they are documented. */
export class DocumentationApi extends HttpApi.make("marginalia-documentation").add(DocumentationGroup) {}

/** What of a program's dependencies answers. */
export const Checks = Schema.Struct({
  checks: Schema.Record(Schema.String, Schema.Literals(["up", "down"]))
}).annotate({ identifier: "Checks", description: "What the program can't do without, by name." })

/** That a process serves. */
export const Liveness = Schema.Struct({ status: Schema.Literal("live") }).annotate({ identifier: "Liveness" })

class OperationsGroup extends HttpApiGroup.make("operations")
  .add(
    HttpApiEndpoint.get("live", "/health/live", { success: HttpApiSchema.WithHeaders(Liveness, noStore) })
      .annotate(OpenApi.Summary, "Whether the process serves")
      .annotate(OpenApi.Description, "It asks nobody else."),
    HttpApiEndpoint.get("ready", "/health/ready", {
      success: HttpApiSchema.WithHeaders(Checks, noStore),
      error: HttpApiSchema.WithHeaders(Checks.pipe(HttpApiSchema.status(503)), noStore)
    })
      .annotate(OpenApi.Summary, "Whether all is there that the program can't do without")
      .annotate(OpenApi.Description, "503 while one of the checks is down. A check that hangs for a second is."),
    HttpApiEndpoint.get("metrics", "/metrics", {
      success: Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/plain" }))
    })
      .annotate(OpenApi.Summary, "What the program measures")
      .annotate(OpenApi.Description, "In the text format of Prometheus, version 0.0.4.")
  )
  .annotate(OpenApi.Description, "For operators. The deployed services have these on a port that nobody else reaches.")
{}

/** What the standalone program serves for its operator, on the one port that it has. */
export class OperationsApi extends HttpApi.make("marginalia-operations").add(OperationsGroup) {}
