import { assert } from "@effect/vitest"
import { Schema } from "effect"
import type { Reply } from "./exchange.ts"

/** A problem (RFC 9457) as the contract has it. */
export const ProblemJson = Schema.fromJsonString(Schema.Struct({
  type: Schema.String.check(Schema.isPattern(/^\/problems\/[a-z]+(?:-[a-z]+)*$/)),
  title: Schema.NonEmptyString,
  status: Schema.Int,
  detail: Schema.NonEmptyString,
  errors: Schema.optionalKey(Schema.Array(Schema.Struct({ pointer: Schema.String, detail: Schema.NonEmptyString })))
}))
const decodeProblem = Schema.decodeSync(ProblemJson, { onExcessProperty: "error" })

/** What API Gateway answers by itself, in its own form. */
const gatewaysOwn = new Set([401, 413, 429, 431, 503, 504])

const decodeMessage = Schema.decodeSync(Schema.fromJsonString(Schema.Struct({ message: Schema.NonEmptyString })), {
  onExcessProperty: "error"
})

const isGatewaysOwn = ({ headers, status }: Reply): boolean =>
  gatewaysOwn.has(status) && headers["apigw-requestid"] !== undefined && headers["x-request-id"] === undefined

// What would tell of the inside: frames of a stack, files, statements, what databases and drivers say.
const insides =
  /\bat .+:\d+:\d+|\.[cm]?[jt]s:\d|node_modules|node:internal|\b(?:SELECT|INSERT INTO|UPDATE .+ SET|DELETE FROM)\b|relation "|SQLSTATE|PGlite|postgres(?!":)|ECONN|Error:/i

/** Asserts what every answer tells browsers, and that it doesn't tell what it was made by. */
const assertForBrowsers = ({ headers, status }: Reply): void => {
  const isPage = headers["content-type"]?.startsWith("text/html") ?? false
  const policy = headers["content-security-policy"] ?? ""
  if (isPage) {
    assert.match(policy, /^default-src 'none'; .*; frame-ancestors 'none'$/)
    assert.notMatch(policy, /script-src[^;]*(?:unsafe|https?:|\*|data:)/)
  } else assert.strictEqual(policy, "default-src 'none'; frame-ancestors 'none'", `${status} has a policy`)
  assert.strictEqual(headers["x-content-type-options"], "nosniff")
  assert.strictEqual(headers["x-frame-options"], "DENY")
  assert.strictEqual(headers["referrer-policy"], "no-referrer")
  assert.strictEqual(headers["cross-origin-resource-policy"], "same-origin")
  for (const name of ["server", "x-powered-by", "access-control-allow-credentials"]) {
    assert.isUndefined(headers[name], `${status} has no ${name}`)
  }
}

/**
 * Asserts what holds of every answer of the contract: it has an id, it says what browsers must know, and a refusal is a
 * problem that tells nothing internal.
 */
export const assertAnswer = (method: string, reply: Reply): void => {
  const { headers, status, text } = reply
  if (isGatewaysOwn(reply)) {
    if (method !== "HEAD") decodeMessage(text)
    return
  }
  assert.match(headers["x-request-id"] ?? "", /^[A-Za-z0-9._-]{1,128}$/, `${status} has an X-Request-Id`)
  assertForBrowsers(reply)
  if (method === "HEAD" || status === 204 || status === 304) {
    assert.strictEqual(text, "", `${method} with ${status} has no body`)
  }
  if (status < 400 || method === "HEAD") return
  // Readiness is no problem document: whoever asks for it wants the checks.
  if (status === 503 && headers["content-type"] === "application/json") return
  assert.strictEqual(headers["content-type"], "application/problem+json", `${status} is a problem`)
  const { errors, status: told } = decodeProblem(text)
  assert.strictEqual(told, status)
  if (status === 400) assert.isDefined(errors, "400 tells what is at fault, or that it can't be told apart")
  assert.notMatch(text, insides, "nothing internal leaks")
}

/** Asserts that an answer is this problem, and gives what it says. */
export const assertProblem = (reply: Reply, status: number, name: string) => {
  assert.strictEqual(reply.status, status, `${name} wanted: ${reply.text.slice(0, 500)}`)
  if (isGatewaysOwn(reply)) return { detail: "", errors: [] }
  const { detail, errors = [], type } = decodeProblem(reply.text)
  assert.strictEqual(type, `/problems/${name}`)
  return { detail, errors }
}

/** Asserts an answer's status, and shows what came instead. */
export const assertStatus = (reply: Reply, status: number): Reply => {
  assert.strictEqual(reply.status, status, reply.text.slice(0, 500))
  return reply
}
