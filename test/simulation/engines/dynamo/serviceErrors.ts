import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
  TransactionCanceledException
} from "@aws-sdk/client-dynamodb"
import type { Item } from "./items.ts"

const $metadata = { httpStatusCode: 400 }

/** What DynamoDB doesn't understand. */
export const invalid = (message: string): DynamoDBServiceException =>
  new DynamoDBServiceException({ name: "ValidationException", $fault: "client", message, $metadata })

export const noSuchTable = (table: string): ResourceNotFoundException =>
  new ResourceNotFoundException({ message: `there is no table ${table}`, $metadata })

/** With the item that is there, if that was asked for. */
export const conditionFailed = (present: Item | null): ConditionalCheckFailedException =>
  new ConditionalCheckFailedException({
    message: "The conditional request failed",
    $metadata,
    ...(present === null ? {} : { Item: present })
  })

export const cancelled = (reasons: Array<CancellationReason>): TransactionCanceledException =>
  new TransactionCanceledException({
    message: "Transaction cancelled",
    $metadata,
    CancellationReasons: reasons
  })

/** Too busy: nothing was done. */
export const throttled = (): ProvisionedThroughputExceededException =>
  new ProvisionedThroughputExceededException({ message: "The level of throughput was exceeded", $metadata })

/** The connection broke: nobody knows whether something was done. */
export const connectionReset = (): Error => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" })

/** The client has waited for as long as it does. */
export const timedOut = (): Error => Object.assign(new Error("the request timed out"), { name: "TimeoutError" })
