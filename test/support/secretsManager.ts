import { Effect, Schema } from "effect"
import { text } from "node:stream/consumers"
import { serve } from "./serve.ts"

const Asked = Schema.fromJsonString(Schema.Struct({ SecretId: Schema.String }))

/**
 * A local Secrets Manager with one secret, until the scope ends: of its protocol no more than GetSecretValue.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export const serveSecret = Effect.fnUntraced(function*(arn: string, first: string | null) {
  /** The secret's text, or null while nobody may read it; and how often it was asked for. */
  const state = { secret: first, reads: 0 }

  const answer = (
    asked: string,
    headers: NodeJS.Dict<string | Array<string>>
  ): readonly [status: number, body: object] => {
    const signed = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/eu-central-1\/secretsmanager\/aws4_request,/
    if (!signed.test(String(headers["authorization"]))) return [403, { __type: "MissingAuthenticationTokenException" }]
    if (headers["x-amz-target"] !== "secretsmanager.GetSecretValue") {
      return [400, { __type: "UnknownOperationException" }]
    }
    if (Schema.decodeSync(Asked)(asked).SecretId !== arn) return [400, { __type: "ResourceNotFoundException" }]
    state.reads += 1
    if (state.secret === null) return [400, { __type: "AccessDeniedException", message: "it is not for you" }]
    return [200, { ARN: arn, Name: "secret", VersionId: "1", SecretString: state.secret }]
  }

  const { url } = yield* serve(async (request, response) => {
    const [status, body] = answer(await text(request), request.headers)
    response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" }).end(JSON.stringify(body))
  })
  return {
    state,
    /** What a program's environment says about it. */
    environment: {
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url
    }
  }
})
