/** By what a secret is known wherever it stands, and what is left of it. */
const secrets: ReadonlyArray<readonly [known: RegExp, left: string]> = [
  // RFC 3986, section 3.2.1: a user and a password before a host.
  [/:\/\/[^\s"'<>]*@/g, "://…@"],
  // JSON Web Tokens: their header is an object, in base64url.
  [/\beyJ[\w-]{5,}\.[\w-]*\.?[\w-]*/g, "…"],
  [/\b(Bearer|Basic) +[\w.~+/=-]+/gi, "$1 …"],
  // A presigned request's, an IAM token's among them.
  [/\b(X-Amz-(?:Credential|Signature|Security-Token)=)[^\s&"']+/gi, "$1…"],
  // Redis repeats a command that it doesn't know.
  [/, with args beginning with: .*/gs, ""]
]

/** A text without what is known for a secret by its form. */
export const withoutSecrets = (text: string): string =>
  secrets.reduce((text, [known, left]) => text.replace(known, left), text)
