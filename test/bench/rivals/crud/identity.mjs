import { createRemoteJWKSet, jwtVerify } from "jose"

const remembered = 10_000
const rememberedFor = 60_000

/** Verifies bearer tokens by the issuer's published keys, and remembers a good one for a minute. */
export const identity = ({ audience, issuer, jwksUrl }) => {
  const keys = createRemoteJWKSet(new URL(jwksUrl))
  const known = new Map()

  const verify = async (token) => {
    const found = known.get(token)
    if (found !== undefined && found.until > Date.now()) return found
    const { payload } = await jwtVerify(token, keys, {
      audience,
      issuer,
      algorithms: ["ES256"],
      requiredClaims: ["sub", "exp"],
      clockTolerance: 5
    })
    const user = {
      id: payload.sub,
      scopes: new Set(String(payload.scope ?? "").split(" ")),
      until: Math.min(Date.now() + rememberedFor, payload.exp * 1000)
    }
    if (known.size >= remembered) known.delete(known.keys().next().value)
    known.set(token, user)
    return user
  }

  return async (request, reply) => {
    const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "") ?? []
    if (token === undefined) return reply.code(401).send(new Error("A bearer token is needed"))
    try {
      request.user = await verify(token)
    } catch {
      return reply.code(401).send(new Error("The token isn't good"))
    }
    if (!request.user.scopes.has("comments:write")) return reply.code(403).send(new Error("The token may not write"))
  }
}
