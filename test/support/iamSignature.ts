import { createHash, createHmac } from "node:crypto"

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest()

/**
 * Whether a presigned GET without a body carries the signature that this secret makes.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const tokenIsSigned = (token: URL, secret: string): boolean => {
  const given = token.searchParams.get("X-Amz-Signature")
  const query = token.search.slice(1).split("&").filter((pair) => !pair.startsWith("X-Amz-Signature=")).toSorted()
  const canonical = ["GET", "/", query.join("&"), `host:${token.host}`, "", "host", sha256("")].join("\n")
  const time = token.searchParams.get("X-Amz-Date") ?? ""
  const scope = (token.searchParams.get("X-Amz-Credential") ?? "").split("/").slice(1)
  const key = scope.reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${secret}`)
  const text = ["AWS4-HMAC-SHA256", time, scope.join("/"), sha256(canonical)].join("\n")
  return hmac(key, text).toString("hex") === given
}
