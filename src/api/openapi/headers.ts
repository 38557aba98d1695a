import type { Header, Reference, Schema } from "./Document.ts"
import { reference } from "./Document.ts"
import { commentExample, tokenExample } from "./examples.ts"
import * as forms from "./forms.ts"

interface Said {
  readonly description: string
  readonly schema: Schema
  readonly example: unknown
}

const pattern = (pattern: string): Schema => ({ type: "string", pattern })
const always = (value: string): Pick<Said, "schema" | "example"> => ({
  schema: { type: "string", enum: [value] },
  example: value
})

const said = {
  "X-Request-Id": {
    description: "What log lines about the request have, too: the request's own X-Request-Id if that is of this form.",
    schema: pattern("^[A-Za-z0-9._-]{1,128}$"),
    example: "8f14e45fceea167a5a-2s"
  },
  ETag: {
    description:
      "The version of the comment, or a digest of the answer's content. A strong one (RFC 9110, section 8.8.3).",
    schema: pattern("^\"[A-Za-z0-9_-]+\"$"),
    example: "\"3\""
  },
  "Cache-Control.no-cache": { description: "Revalidate before use.", ...always("no-cache") },
  "Cache-Control.no-store": { description: "For nobody to keep.", ...always("no-store") },
  "Location.comment": {
    description: "Where the comment is.",
    schema: pattern(forms.commentPath),
    example: `/comments/${commentExample.id}`
  },
  "Location.command": {
    description: "Where to see what came of the command.",
    schema: pattern(forms.commandPath),
    example: "/commands/0199a8f0-2d3e-7f40-8b5c-6d7e8f9a0b1c"
  },
  "Consistency-Token": {
    description: "What this answer reflects. A query that carries it reflects at least as much.",
    schema: pattern(forms.consistencyToken),
    example: tokenExample
  },
  "Idempotency-Replayed": {
    description: "The answer that the first request under this Idempotency-Key got.",
    ...always("true")
  },
  "Preference-Applied": { description: "The preference that was followed (RFC 7240).", ...always("respond-async") },
  Link: {
    description: "The next page, where there is one (RFC 8288).",
    schema: pattern("^<[^<>]+>; rel=\"next\"$"),
    example: "</pictures/sunset-42/comments?limit=20&cursor=AUwPKO0sScE_AAABogfZIQABmajwHC1-P4pLXG1-j5oL>; rel=\"next\""
  },
  "Retry-After": {
    description: "In how many seconds to try again.",
    schema: { type: "integer", minimum: 1 },
    example: 1
  },
  "RateLimit-Policy": {
    description:
      "How many requests (q) may be made in how many seconds (w): draft-ietf-httpapi-ratelimit-headers. Absent where the request wasn't counted.",
    schema: pattern("^\"(?:commands|queries)\";q=[0-9]+;w=[0-9]+$"),
    example: "\"commands\";q=10000;w=3600"
  },
  RateLimit: {
    description:
      "How many requests are left (r), and in how many seconds there is one more (t): draft-ietf-httpapi-ratelimit-headers. Absent where the request wasn't counted.",
    schema: pattern("^\"(?:commands|queries)\";r=[0-9]+;t=[0-9]+$"),
    example: "\"commands\";r=9999;t=1"
  },
  "WWW-Authenticate": {
    description: "The challenge of RFC 6750, section 3; of a fault it says no more than its kind.",
    schema: pattern("^Bearer realm=\"marginalia\"(?:, [a-z_]+=\"[^\"]*\")*$"),
    example: "Bearer realm=\"marginalia\", error=\"invalid_token\""
  },
  Allow: {
    description: "The methods that the address knows.",
    schema: pattern("^[A-Z]+(?:, [A-Z]+)*$"),
    example: "GET, HEAD, OPTIONS"
  },
  Accept: { description: "What a body must be.", ...always("application/json") }
} satisfies Readonly<Record<string, Said>>

/** A header that answers have. What follows a dot tells apart what it may say. */
export type HeaderName = keyof typeof said

/** A header that an answer has, always or sometimes. */
export interface HeaderUse {
  readonly name: HeaderName
  readonly required: boolean
}

/** A header that the answer has always. */
export const must = (name: HeaderName): HeaderUse => ({ name, required: true })

/** A header that the answer may have. */
export const may = (name: HeaderName): HeaderUse => ({ name, required: false })

const componentOf = ({ name, required }: HeaderUse): string => required ? name : `${name}.optional`

/** The headers of an answer, as it refers to them. */
export const headersOf = (uses: ReadonlyArray<HeaderUse>): Readonly<Record<string, Reference>> =>
  Object.fromEntries(uses.map((use) => [use.name.split(".")[0], reference("headers", componentOf(use))]))

/** The same header, where it may be missing. */
export const optional = ({ $ref }: Reference): Reference => ({ $ref: `${$ref.replace(/\.optional$/, "")}.optional` })

const isName = (name: string): name is HeaderName => Object.hasOwn(said, name)

/** All that an answer may refer to. */
export const headerComponents = (): Readonly<Record<string, Header>> =>
  Object.fromEntries(
    Object.keys(said).filter(isName).flatMap((name) =>
      [must(name), may(name)].map((use) => [componentOf(use), { ...said[name], required: use.required }])
    )
  )
