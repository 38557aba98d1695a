/**
 * A URL's user and password (RFC 3986, section 3.2.1), whatever is in them that a URL shouldn't have: all up to a word's last
 * `@`, rather too much than too little.
 */
const withoutUser = (word: string): string => {
  const from = word.indexOf("://")
  const to = word.lastIndexOf("@")
  return from < 0 || to < from ? word : `${word.slice(0, from)}://…${word.slice(to)}`
}

/** A JSON Web Token, whose header is an object in base64url, and whatever is joined to it. */
const withoutToken = (run: string): string => {
  const from = run.search(/\beyJ[\w-]{5}/)
  return from < 0 || !run.includes(".", from) ? run : `${run.slice(0, from)}…`
}

/**
 * By what a secret is known wherever it stands, and what is left of it. A text may be long, and somebody's own: no pattern
 * looks at a character more often than a few times.
 */
const secrets: ReadonlyArray<(text: string) => string> = [
  (text) => text.replace(/\S+/g, withoutUser),
  (text) => text.replace(/[\w.-]+/g, withoutToken),
  (text) => text.replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, "$1 …"),
  // A presigned request's, an IAM token's among them; in an address, a header or JSON.
  (text) => text.replace(/\b(X-Amz-(?:Credential|Signature|Security-Token)["']?\s*[=:]\s*["']?)[^\s&"']+/gi, "$1…"),
  // Redis repeats a command that it doesn't know.
  (text) => text.replace(/, with args beginning with: .*/s, "")
]

/** A text without what is known for a secret by its form. */
export const withoutSecrets = (text: string): string => secrets.reduce((text, without) => without(text), text)
