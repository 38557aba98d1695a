import type {
  BatchWriteItemCommandInput,
  DescribeTableCommandInput,
  GetItemCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
  ScanCommandInput,
  ServiceInputTypes,
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput
} from "@aws-sdk/client-dynamodb"

/** What each command of the SDK carries. */
interface Inputs {
  readonly BatchWriteItemCommand: BatchWriteItemCommandInput
  readonly DescribeTableCommand: DescribeTableCommandInput
  readonly GetItemCommand: GetItemCommandInput
  readonly PutItemCommand: PutItemCommandInput
  readonly QueryCommand: QueryCommandInput
  readonly ScanCommand: ScanCommandInput
  readonly TransactWriteItemsCommand: TransactWriteItemsCommandInput
  readonly UpdateItemCommand: UpdateItemCommandInput
}

/** A request that a client of the SDK made. */
export interface DynamoRequest {
  readonly command: string
  readonly input: ServiceInputTypes
}

/** Whether a request is of a command, by the name that the SDK gives it. */
export const isRequest = <Command extends keyof Inputs>(
  request: DynamoRequest,
  wanted: Command
): request is DynamoRequest & { readonly input: Inputs[Command] } => request.command === wanted

const writes: ReadonlySet<string> = new Set([
  "BatchWriteItemCommand",
  "PutItemCommand",
  "TransactWriteItemsCommand",
  "UpdateItemCommand"
])

/** Whether it may change something. */
export const isWrite = ({ command }: DynamoRequest): boolean => writes.has(command)
