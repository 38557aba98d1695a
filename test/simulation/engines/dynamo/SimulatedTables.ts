import type { ServiceOutputTypes } from "@aws-sdk/client-dynamodb"
import type { TableNames } from "../../../../src/platform/dynamoTables.ts"
import type { Item } from "./items.ts"
import { getItem, query, scan } from "./reads.ts"
import { type DynamoRequest, isRequest } from "./requests.ts"
import { invalid, noSuchTable } from "./serviceErrors.ts"
import { type ItemChange, SimulatedTable, type View } from "./SimulatedTable.ts"
import { checkAlone, checkTogether, putOf, transactionOf, updateOf, type Write } from "./writes.ts"

/** Hears of every change, and says when a replica gets it. */
export interface TableObserver {
  readonly now: () => number
  readonly replicated: () => number
  readonly changed: (table: SimulatedTable, change: ItemChange) => void
}

/** The tables, and what a request does to them: all of it at once. */
export class SimulatedTables {
  readonly events: SimulatedTable
  readonly inbox: SimulatedTable
  readonly #observer: TableObserver

  constructor({ events, inbox }: TableNames, observer: TableObserver) {
    this.events = new SimulatedTable({ name: events, key: { partition: "stream", sort: "version" }, index: null })
    this.inbox = new SimulatedTable({
      name: inbox,
      key: { partition: "id", sort: null },
      index: { name: "pending", key: { partition: "pending", sort: "acceptedAt" } }
    })
    this.#observer = observer
  }

  /** The answer to a request. Throws what the SDK would fail with. Eventually consistent reads see `eventual`. */
  perform(request: DynamoRequest, eventual: View): ServiceOutputTypes {
    const viewOf = ({ ConsistentRead = false }: { readonly ConsistentRead?: boolean | undefined }): View =>
      ConsistentRead ? "newest" : eventual
    const tableOf = ({ TableName }: { readonly TableName: string | undefined }) => this.named(TableName)
    if (isRequest(request, "GetItemCommand")) {
      return getItem(tableOf(request.input), request.input, viewOf(request.input))
    }
    if (isRequest(request, "QueryCommand")) return query(tableOf(request.input), request.input, viewOf(request.input))
    if (isRequest(request, "ScanCommand")) return scan(tableOf(request.input), request.input, viewOf(request.input))
    if (isRequest(request, "PutItemCommand")) return this.#alone(putOf(tableOf(request.input), request.input))
    if (isRequest(request, "UpdateItemCommand")) return this.#alone(updateOf(tableOf(request.input), request.input))
    if (isRequest(request, "TransactWriteItemsCommand")) {
      const writes = transactionOf((name) => this.named(name), request.input.TransactItems ?? [])
      checkTogether(writes)
      return this.#apply(writes)
    }
    if (isRequest(request, "BatchWriteItemCommand")) {
      const wanted = Object.entries(request.input.RequestItems ?? {})
      return this.#apply(
        wanted.flatMap(([name, puts]) =>
          puts.map(({ PutRequest }) => putOf(this.named(name), { Item: PutRequest?.Item }))
        )
      )
    }
    throw invalid(`the simulated DynamoDB doesn't know the command ${request.command}`)
  }

  named(name: string | undefined): SimulatedTable {
    const table = [this.events, this.inbox].find(({ shape }) => shape.name === name)
    if (table === undefined) throw noSuchTable(name ?? "without a name")
    return table
  }

  /** Makes an item what it is now, whatever it was, or removes it. */
  write(table: SimulatedTable, key: Item, image: Item | null): void {
    const change = table.write(key, image, this.#observer.now(), this.#observer.replicated())
    if (change !== null) this.#observer.changed(table, change)
  }

  #alone(write: Write): ServiceOutputTypes {
    checkAlone(write)
    return this.#apply([write])
  }

  #apply(writes: ReadonlyArray<Write>): ServiceOutputTypes {
    for (const { key, table, to } of writes) this.write(table, key, to(table.get(key, "newest")))
    return { $metadata: {} }
  }
}
