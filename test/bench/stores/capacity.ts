import { Option, Schema } from "effect"
import type { Units } from "./StoreDriver.ts"

const Capacity = Schema.Struct({ CapacityUnits: Schema.optionalKey(Schema.Finite) })
const decode = Schema.decodeUnknownOption(
  Schema.Struct({ ConsumedCapacity: Schema.Union([Capacity, Schema.Array(Capacity)]) })
)

/** What only reads; everything else that says what it has consumed has written. */
const reads = new Set(["GetItemCommand", "BatchGetItemCommand", "QueryCommand", "ScanCommand"])

interface Handled {
  readonly output: object
}

/**
 * Counts what a client of DynamoDB consumes, whatever library it is for, as the engine itself says it: each request is made
 * to ask for it. Here that is an emulator, which a test holds to what AWS documents. It says nothing of a conditional write that fails, which also costs.
 */
export class CapacityCounter {
  #read = 0
  #write = 0
  #isCounting = false

  /** A middleware of the SDK, for the step `initialize`. */
  readonly middleware = <Args extends { readonly input: object }, Result extends Handled>(
    next: (args: Args) => Promise<Result>,
    { commandName = "" }: { readonly commandName?: string }
  ) =>
  async (args: Args): Promise<Result> => {
    if (!this.#isCounting) return next(args)
    const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: "TOTAL" } })
    this.#note(commandName, result.output)
    return result
  }

  /** What has been consumed since the last call; counting begins with the first. */
  readonly take = (): Units => {
    const units = { read: this.#read, write: this.#write }
    this.#read = 0
    this.#write = 0
    this.#isCounting = true
    return units
  }

  #note(command: string, output: object): void {
    const found = Option.getOrNull(decode(output))
    if (found === null) return
    const units = [found.ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0)
    if (reads.has(command)) this.#read += units
    else this.#write += units
  }
}
