import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { CommandId } from "../domain/ids.ts"

const Insertion = Schema.Struct({
  eventName: Schema.Literal("INSERT"),
  dynamodb: Schema.Struct({ NewImage: Schema.Struct({ id: Schema.Struct({ S: CommandId }) }) })
})
const decode = Schema.decodeUnknownOption(Insertion)

/**
 * The entry that a record of the inbox table's stream says was accepted, as the SDK gives it or Lambda; null for every
 * other record. Only an insertion is one: settling an entry and forgetting it make records too, with nothing to do.
 */
export const acceptedIn = (record: unknown): CommandId | null =>
  Option.match(decode(record), { onNone: () => null, onSome: ({ dynamodb }) => dynamodb.NewImage.id.S })
