import { Effect, Queue, Schema } from "effect"
import { randomUUID } from "node:crypto"
import { text } from "node:stream/consumers"
import { serve } from "../../support/serve.ts"

const Answer = Schema.Struct({
  Status: Schema.Literals(["SUCCESS", "FAILED"]),
  Reason: Schema.optionalKey(Schema.String),
  PhysicalResourceId: Schema.NonEmptyString,
  StackId: Schema.String,
  RequestId: Schema.String,
  LogicalResourceId: Schema.String,
  Data: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
})
const decodeAnswer = Schema.decodeUnknownSync(Schema.fromJsonString(Answer), { onExcessProperty: "error" })

const who = {
  StackId:
    "arn:aws:cloudformation:eu-central-1:123456789012:stack/marginalia-Migration/4f5a6b70-0000-11f0-8000-000000000000",
  LogicalResourceId: "Migration",
  ResourceType: "Custom::ReadModelMigration",
  ServiceToken: "arn:aws:lambda:eu-central-1:123456789012:function:migration"
}

/**
 * CloudFormation's side of a custom resource, until the scope ends: requests, and where their answers are put. The first
 * `refusals` answers are refused.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-requesttypes.html
 */
export const serveStack = Effect.fnUntraced(function*(refusals = 0) {
  const answers = yield* Queue.unbounded<typeof Answer.Type>()
  const state = { refused: 0 }
  const { url } = yield* serve(async (request, response) => {
    const body = await text(request)
    // The address was signed for an empty type.
    const isSigned = request.method === "PUT" && request.headers["content-type"] === ""
    if (!isSigned || state.refused < refusals) {
      state.refused += 1
      response.writeHead(isSigned ? 503 : 403).end()
      return
    }
    Queue.offerUnsafe(answers, decodeAnswer(body))
    response.writeHead(200).end()
  })
  const ResponseURL = `${url}/answer?X-Amz-Signature=secret`
  const request = (RequestType: string, ResourceProperties: object, more: object = {}) => ({
    ...who,
    RequestType,
    RequestId: randomUUID(),
    ResponseURL,
    ResourceProperties: { ServiceToken: who.ServiceToken, ...ResourceProperties },
    ...more
  })
  return { request, state, /** The next answer. */ answer: Queue.take(answers) }
})
