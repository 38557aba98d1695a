import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { createTables, type TableReport } from "../../platform/dynamoTables.ts"
import { readTables } from "../../platform/engineSettings.ts"
import { dryRun } from "./flags.ts"
import { dynamo } from "./layers.ts"

const sentence = ({ found, table }: TableReport, dryRun: boolean): string => {
  const would = dryRun ? "would be " : ""
  if (found === "complete") return `${table}  is there`
  return found === "nothing" ? `${table}  ${would}created` : `${table}  is there, its TTL ${would}enabled`
}

const create = Command.make(
  "create",
  { dryRun },
  Effect.fnUntraced(
    function*({ dryRun }) {
      const reports = yield* createTables(yield* readTables, { dryRun })
      yield* Effect.forEach(reports, (report) => Console.log(sentence(report, dryRun)), { discard: true })
    },
    Effect.provide(dynamo)
  )
).pipe(Command.withDescription(
  "Create the events table and the inbox with their streams, for local use; on AWS the templates do it"
))

/** What is about DynamoDB's tables. */
export const tables = Command.make("tables").pipe(
  Command.withDescription("DynamoDB's tables"),
  Command.withSubcommands([create])
)
