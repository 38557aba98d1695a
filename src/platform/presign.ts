import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import { createHash, createHmac } from "node:crypto"

/** What AWS knows a caller by. The session token belongs to credentials that a role gives for a time. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: Redacted.Redacted
  readonly sessionToken?: Redacted.Redacted | undefined
}

/** A request without a body that whoever holds it may make, for a time. */
export interface PresignedRequest {
  readonly service: string
  readonly region: string
  /** With the port, where it isn't the scheme's own. */
  readonly host: string
  readonly query: Readonly<Record<string, string>>
  /** How long it is good for, in seconds. */
  readonly expiresIn: number
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest()

// RFC 3986 has fewer characters that stand for themselves than the language's own function.
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

const canonical = (query: Readonly<Record<string, string>>): string =>
  Object.entries(query)
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([one], [other]) => one < other ? -1 : 1)
    .map((pair) => pair.join("="))
    .join("&")

/**
 * Signs a GET of the path `/` by its query string, as Signature Version 4 has it, and gives it without its scheme.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const presign = (
  { expiresIn, host, query, region, service }: PresignedRequest,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  now: DateTime.Utc
): string => {
  const time = DateTime.formatIso(now).replace(/[-:]|\.\d{3}/g, "")
  const scope = [time.slice(0, 8), region, service, "aws4_request"]
  const signed = canonical({
    ...query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": [accessKeyId, ...scope].join("/"),
    "X-Amz-Date": time,
    "X-Amz-Expires": String(expiresIn),
    "X-Amz-SignedHeaders": "host",
    ...(sessionToken === undefined ? {} : { "X-Amz-Security-Token": Redacted.value(sessionToken) })
  })
  const request = ["GET", "/", signed, `host:${host}`, "", "host", sha256("")].join("\n")
  const text = ["AWS4-HMAC-SHA256", time, scope.join("/"), sha256(request)].join("\n")
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${Redacted.value(secretAccessKey)}`)
  return `${host}/?${signed}&X-Amz-Signature=${hmac(key, text).toString("hex")}`
}
