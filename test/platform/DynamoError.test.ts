import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException
} from "@aws-sdk/client-dynamodb"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Ref } from "effect"
import { TestClock } from "effect/testing"
import {
  DynamoError,
  type DynamoFault,
  dynamoRequest,
  faultOf,
  retryThrottled,
  retryTransient
} from "../../src/platform/DynamoError.ts"

const service = (name: string, httpStatusCode: number) =>
  new DynamoDBServiceException({ name, message: "", $fault: "client", $metadata: { httpStatusCode } })

const cancelled = (...codes: ReadonlyArray<string>) =>
  new TransactionCanceledException({
    message: "",
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: codes.map((Code) => ({ Code }))
  })

const node = (name: string, code: string) => Object.assign(new Error("by a test"), { name, code })

describe("What a failure of DynamoDB's client says", () => {
  it.each<[string, unknown, DynamoFault]>([
    ["too many requests for a partition", service("ProvisionedThroughputExceededException", 400), "throttled"],
    ["too many requests for the account", service("RequestLimitExceeded", 400), "throttled"],
    ["too many requests for the table", service("ThrottlingException", 400), "throttled"],
    ["a transaction on the same item", service("TransactionConflictException", 400), "throttled"],
    ["a cancelled transaction that met another", cancelled("None", "TransactionConflict"), "throttled"],
    [
      "a cancelled transaction, too busy for half of it",
      cancelled("ThrottlingError", "ConditionalCheckFailed"),
      "throttled"
    ],
    ["a cancelled transaction for its condition", cancelled("None", "ConditionalCheckFailed"), "refused"],
    ["a cancelled transaction that can't be understood", cancelled("ValidationError", "None"), "mistake"],
    ["a transaction whose first try still runs", service("TransactionInProgressException", 400), "unknown"],
    [
      "a failed condition",
      new ConditionalCheckFailedException({ message: "", $metadata: { httpStatusCode: 400 } }),
      "refused"
    ],
    ["no such table", service("ResourceNotFoundException", 400), "refused"],
    ["no permission", service("AccessDeniedException", 400), "refused"],
    ["credentials that are over", service("ExpiredTokenException", 400), "refused"],
    ["no credentials", node("CredentialsProviderError", ""), "refused"],
    ["what it doesn't understand", service("ValidationException", 400), "mistake"],
    ["trouble inside", service("InternalServerError", 500), "unknown"],
    ["no service", service("ServiceUnavailable", 503), "unknown"],
    ["a time-out on the way", service("RequestTimeout", 408), "unknown"],
    ["a time-out", node("TimeoutError", "ETIMEDOUT"), "unknown"],
    ["a lost connection", node("TimeoutError", "ECONNRESET"), "unknown"],
    ["nobody there", node("Error", "ECONNREFUSED"), "unreachable"],
    ["no such name", node("Error", "ENOTFOUND"), "unreachable"],
    ["nobody knows what", "?", "unknown"]
  ])("%s", (_, error, fault) => {
    assert.strictEqual(faultOf(error), fault)
  })
})

/** Runs a request that always fails so, and gives how often it was tried and for how long. */
const insisting = Effect.fnUntraced(function*(
  fault: DynamoFault,
  retry: typeof retryThrottled
) {
  const tries = yield* Ref.make(0)
  const request = Effect.andThen(
    Ref.update(tries, (n) => n + 1),
    Effect.fail(new DynamoError({ fault, cause: new Error("by a test") }))
  )
  const fiber = yield* Effect.forkChild(Effect.timed(Effect.flip(retry(request))))
  yield* TestClock.adjust("1 minute")
  const [duration, error] = yield* Fiber.join(fiber)
  assert.strictEqual(error.fault, fault)
  return { tries: yield* Ref.get(tries), seconds: Duration.toSeconds(duration) }
})

describe("A request to DynamoDB", () => {
  it.effect("is made again for about 3 seconds while DynamoDB is too busy for it", () =>
    Effect.gen(function*() {
      for (const retry of [retryThrottled, retryTransient]) {
        const { seconds, tries } = yield* insisting("throttled", retry)
        assert.isTrue(seconds > 2 && seconds <= 4, `${seconds} s`)
        assert.isTrue(tries >= 6 && tries <= 60, `${tries} tries`)
      }
    }))

  it.effect("is made again after a fault of unknown outcome only if it may be done twice", () =>
    Effect.gen(function*() {
      for (const fault of ["unknown", "unreachable"] as const) {
        assert.isAbove((yield* insisting(fault, retryTransient)).tries, 5)
        assert.strictEqual((yield* insisting(fault, retryThrottled)).tries, 1)
      }
    }))

  it.effect("isn't made again when it is refused or a mistake", () =>
    Effect.gen(function*() {
      for (const fault of ["refused", "mistake"] as const) {
        for (const retry of [retryThrottled, retryTransient]) {
          assert.strictEqual((yield* insisting(fault, retry)).tries, 1)
        }
      }
    }))

  it.effect("is taken back when nobody waits for it any more", () =>
    Effect.gen(function*() {
      const signals: Array<AbortSignal> = []
      const request = dynamoRequest(({ abortSignal }) => {
        signals.push(abortSignal)
        return new Promise<never>(() => {})
      })
      const fiber = yield* Effect.forkChild(request, { startImmediately: true })
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(signals.map(({ aborted }) => aborted), [true])
    }))

  it("says in a sentence what was wrong", () => {
    const error = new DynamoError({ fault: "refused", cause: service("ResourceNotFoundException", 400) })
    assert.strictEqual(error.message, "DynamoDB request refused: ResourceNotFoundException")
  })
})
