import { Effect } from "effect"
import * as jose from "jose"
import { serve } from "./serve.ts"

const newKey = (kid: string) =>
  Effect.promise(async () => {
    const { privateKey, publicKey } = await jose.generateKeyPair("RS256")
    return { kid, privateKey, jwk: { ...(await jose.exportJWK(publicKey)), kid, alg: "RS256", use: "sig" } }
  })

// Made once: RSA takes its time over them.
const keys = Effect.runSync(Effect.all({ one: Effect.cached(newKey("one")), two: Effect.cached(newKey("two")) }))

interface IssuerState {
  down: boolean
  /** What it says of itself, in place of the truth. */
  says: Readonly<Record<string, unknown>>
  key: Effect.Success<ReturnType<typeof newKey>>
}

/**
 * An OpenID Connect issuer on this machine, until the scope ends: its configuration under a path, as Cognito's user pools
 * have it, its keys, and tokens with any claims. It can be made to fail, to say something else of itself, and to change keys. `asked` tells the paths that it was asked for since it was called last.
 */
export const makeLocalIssuer = Effect.gen(function*() {
  const state: IssuerState = { down: false, says: {}, key: yield* keys.one }
  const paths: Array<string> = []
  const { url } = yield* serve((request, response) => {
    const path = request.url ?? ""
    paths.push(path)
    if (state.down) request.socket.destroy()
    else if (path === "/pool/.well-known/openid-configuration") {
      response.end(JSON.stringify({ issuer: `${url}/pool`, jwks_uri: `${url}/pool/keys.json`, ...state.says }))
    } else if (path === "/pool/keys.json") response.end(JSON.stringify({ keys: [state.key.jwk] }))
    else response.writeHead(404).end()
  })
  const issuer = `${url}/pool`

  const sign = (claims: jose.JWTPayload) =>
    Effect.promise(() =>
      new jose.SignJWT({ iss: issuer, ...claims }).setProtectedHeader({ alg: "RS256", kid: state.key.kid }).sign(
        state.key.privateKey
      )
    )
  const rotate = Effect.map(keys.two, (key) => {
    state.key = key
  })
  return { issuer, state, sign, rotate, asked: () => paths.splice(0) }
})

/**
 * The claims of an access token as Cognito makes them, with one of its own scopes (`server/name`): no `aud`, the client in
 * `client_id`. https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export const cognitoAccess = (client: string, scope: string, expiresIn = 3600): jose.JWTPayload => {
  const now = Math.floor(Date.now() / 1000)
  return {
    sub: "8f2b4c1e-0d3a-4e5f-9a6b-7c8d9e0f1a2b",
    "cognito:groups": ["readers"],
    version: 2,
    client_id: client,
    origin_jti: "5b9f50a3-05da-454a-8b99-b79c2349de77",
    event_id: "64f513be-32db-42b0-b78e-b02127b4f463",
    token_use: "access",
    scope,
    auth_time: now,
    exp: now + expiresIn,
    iat: now,
    jti: "a1b2c3d4-0000-4000-8000-000000000001",
    username: "ana"
  }
}
