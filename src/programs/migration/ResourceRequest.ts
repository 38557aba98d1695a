import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** The function was invoked with something that nobody waits for an answer to. */
export class NoResourceRequest extends Schema.TaggedError<NoResourceRequest>()("NoResourceRequest", {
  message: Schema.String
}) {}

/** The request of a custom resource can't be understood, but there is somebody to be told so. */
export class RequestRefused
  extends Schema.TaggedError<RequestRefused>()("RequestRefused", { message: Schema.String })
{}

const Address = Schema.Struct({
  ResponseURL: Schema.String.check(Schema.isPattern(/^https?:\/\/\S+$/)),
  StackId: Schema.NonEmptyString,
  RequestId: Schema.NonEmptyString,
  LogicalResourceId: Schema.NonEmptyString,
  PhysicalResourceId: Schema.optionalKey(Schema.NonEmptyString)
})

/** Whom a request is from, and where the answer goes. */
export type Address = typeof Address.Type

const Request = Schema.Union([
  Schema.Struct({ RequestType: Schema.Literal("Delete") }),
  Schema.Struct({
    RequestType: Schema.Literals(["Create", "Update"]),
    ResourceProperties: Schema.Struct({ MigrationsHash: Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/)) })
  })
])

/**
 * What CloudFormation asks of a custom resource.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-requests.html
 */
export type Request = typeof Request.Type

const decodeRequest = Schema.decodeUnknownEffect(Request)

/** Where the answer to an event goes. */
export const addressOf = (event: unknown): Effect.Effect<Address, NoResourceRequest> =>
  Effect.mapError(
    Schema.decodeUnknownEffect(Address)(event),
    () =>
      new NoResourceRequest({
        message: "This function takes requests of a CloudFormation custom resource, and nothing else."
      })
  )

/** What an event asks for. */
export const requestOf = (event: unknown): Effect.Effect<Request, RequestRefused> =>
  Effect.mapError(
    decodeRequest(event),
    () =>
      new RequestRefused({
        message:
          "The request must be Delete, or Create or Update with a property MigrationsHash of 64 hexadecimal digits."
      })
  )
