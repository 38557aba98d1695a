import type { allChecks } from "./judge.ts"

type Check = typeof allChecks[number]

const number = { type: "integer", minimum: 1, maximum: 3 }
const parameter = (name: string, place: string, schema: object) => ({
  parameters: [{ name, in: place, required: place !== "query", schema }]
})

const text = { type: "string" }
const body = { type: "object", properties: { id: text, text }, required: ["id"], additionalProperties: false }
const content = { "application/json": { schema: body } }
const well = { description: "As asked", content }
const refused = { "400": { description: "Not as documented" }, "401": { description: "Who is it?" } }

const asked = (operation: object = {}, answer: object = {}) => ({
  get: { ...operation, responses: { "200": { ...well, ...answer }, ...refused, "404": { description: "None" } } }
})

const security = [{ bearer: [] }]

const link = (operationId: string, id: string) => ({ next: { operationId, parameters: { id } } })

/** What somebody makes, and can be asked for by its id from then on: one way leads there, the more surely it is gone. */
const made = (name: string, next: "read" | "delete", more: object = {}) => {
  const one = { ...parameter("id", "path", { type: "string", pattern: "^[a-z0-9]{1,20}$" }), security }
  const links = link(`${name}.${next}`, "$response.body#/id")
  return {
    [`/${name}`]: { post: { security, responses: { "201": { ...well, links }, ...refused } } },
    [`/${name}/{id}`]: { ...asked({ ...one, operationId: `${name}.read` }), ...more }
  }
}

const removal = {
  delete: {
    ...parameter("id", "path", { type: "string", pattern: "^[a-z0-9]{1,20}$" }),
    operationId: "freed.delete",
    security,
    responses: { "204": { description: "Gone", links: link("freed.read", "$request.path.id") }, ...refused }
  }
}

/** Where the server has no fault. */
export const honest = "/honest"

/** For each check, the path where it has something to find. */
export const faults: Readonly<Record<Check, string>> = {
  not_a_server_error: "/broken",
  status_code_conformance: "/undocumented",
  content_type_conformance: "/typed",
  response_headers_conformance: "/headed",
  response_schema_conformance: "/shaped",
  negative_data_rejection: "/lax",
  positive_data_acceptance: "/strict",
  missing_required_header: "/hasty",
  unsupported_method: "/any",
  allow_header_conformance: "/allowing",
  use_after_free: "/freed/{id}",
  ensure_resource_availability: "/lost/{id}",
  ignored_auth: "/open",
  object_level_authorization: "/own/{id}"
}

/** A document that its server doesn't keep, in one place for each check. */
export const faultyDocument = {
  openapi: "3.1.0",
  info: { title: "What each check must find", version: "1" },
  components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
  paths: {
    [honest]: asked(parameter("limit", "query", number)),
    "/broken": { get: { responses: { "200": well, "500": { description: "Broken" } } } },
    "/undocumented": asked(),
    "/typed": asked(),
    "/headed": asked({}, { headers: { etag: { required: true, schema: { type: "string" } } } }),
    "/shaped": asked(),
    "/lax": asked(parameter("limit", "query", number)),
    "/strict": asked(parameter("limit", "query", number)),
    "/hasty": asked(parameter("x-needed", "header", { type: "string", pattern: "^[a-z]{1,9}$" })),
    "/any": asked(),
    "/allowing": asked(),
    "/open": asked({ security }),
    ...made("freed", "delete", removal),
    ...made("lost", "read"),
    ...made("own", "read")
  }
}
