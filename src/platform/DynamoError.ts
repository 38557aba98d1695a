import { DynamoDBServiceException, TransactionCanceledException } from "@aws-sdk/client-dynamodb"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"

/**
 * What a failed request to DynamoDB leaves behind, and whether it may be made again.
 *
 * | fault | what happened | again? |
 * | --- | --- | --- |
 * | throttled | nothing: DynamoDB is too busy, with this key, or with a transaction on the same item | soon |
 * | unreachable | nothing: there was no connection | perhaps |
 * | refused | nothing: no such table, no credentials, no permission | not before somebody has done something |
 * | unknown | perhaps everything: a time-out, a lost connection, a fault of the server | yes |
 * | mistake | nothing: DynamoDB doesn't understand the program | never |
 */
export const DynamoFault = Schema.Literals(["throttled", "unreachable", "refused", "unknown", "mistake"])
export type DynamoFault = typeof DynamoFault.Type

/** A request to DynamoDB failed. */
export class DynamoError extends Schema.TaggedError<DynamoError>()("DynamoError", {
  fault: DynamoFault,
  cause: Schema.Defect()
}) {
  override get message(): string {
    const { name = "an unknown error", message = "" } = Object(this.cause)
    return `DynamoDB request ${this.fault}: ${name}${message === "" ? "" : `, ${message}`}`
  }
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
const throttling = new Set([
  "LimitExceededException",
  "ProvisionedThroughputExceededException",
  "ReplicatedWriteConflictException",
  "RequestLimitExceeded",
  "Throttling",
  "ThrottlingException",
  "TransactionConflictException"
])
const mistakes = /^(?:Validation|Serialization|IdempotentParameterMismatch|ItemCollectionSizeLimit|UnknownOperation)/
const noConnection = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"])

// Reasons in a cancelled transaction, which has one for each of its items, that pass by themselves.
const passingReasons = new Set(["ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"])

/** What a failure of the SDK says. A failed condition is no failure of the request: whoever sets one looks for it first. */
export const faultOf = (error: unknown): DynamoFault => {
  if (error instanceof TransactionCanceledException) {
    const codes = (error.CancellationReasons ?? []).map(({ Code = "None" }) => Code)
    if (codes.some((code) => passingReasons.has(code))) return "throttled"
    return codes.includes("ConditionalCheckFailed") ? "refused" : "mistake"
  }
  if (error instanceof DynamoDBServiceException) {
    const status = error.$metadata.httpStatusCode ?? 0
    // Its first try is still under way, and may yet succeed.
    if (error.name === "TransactionInProgressException") return "unknown"
    if (throttling.has(error.name) || status === 429) return "throttled"
    if (mistakes.test(error.name)) return "mistake"
    return status >= 400 && status < 500 && status !== 408 ? "refused" : "unknown"
  }
  if (Predicate.hasProperty(error, "code") && noConnection.has(String(error.code))) return "unreachable"
  return Predicate.hasProperty(error, "name") && error.name === "CredentialsProviderError" ? "refused" : "unknown"
}

/** A request that is taken back when the fiber is interrupted, as far as that goes: it may have landed. */
export const dynamoRequest = <A>(
  send: (options: { readonly abortSignal: AbortSignal }) => Promise<A>
): Effect.Effect<A, DynamoError> =>
  Effect.tryPromise({
    try: (abortSignal) => send({ abortSignal }),
    catch: (cause) => new DynamoError({ fault: faultOf(cause), cause })
  })

// Exponential, with full jitter: many who were throttled at once don't come back at once.
// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
const pauses = Schedule.min([Schedule.exponential("25 millis"), Schedule.spaced("1 second")]).pipe(
  Schedule.modifyDelay(({ duration }) => Effect.map(Random.next, (part) => Duration.times(duration, part))),
  Schedule.upTo({ duration: "3 seconds" })
)

const retryFaults =
  (...faults: ReadonlyArray<DynamoFault>) => <A, E, R>(request: Effect.Effect<A, E | DynamoError, R>) =>
    Effect.retry(request, {
      schedule: pauses,
      while: (error) => error instanceof DynamoError && faults.includes(error.fault)
    })

/** Makes a request that changes something again, for about 3 seconds, as long as DynamoDB is too busy for it. */
export const retryThrottled = retryFaults("throttled")

/** Makes a request that changes nothing, or the same if it is made twice, again whenever that may help, for about 3 seconds. */
export const retryTransient = retryFaults("throttled", "unreachable", "unknown")
