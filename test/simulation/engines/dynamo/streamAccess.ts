import { Effect, Layer } from "effect"
import { DynamoStreams, StreamsUnavailable, Trimmed } from "../../../../src/platform/DynamoStreams.ts"
import type { Process } from "../../kernel/Process.ts"
import type { World } from "../../kernel/World.ts"
import { atOnce, type Fate, fateOf } from "./fates.ts"
import { failures, pause } from "./serve.ts"
import type { SimulatedStream } from "./SimulatedStream.ts"

type Operation = StreamsUnavailable["operation"]

const onItsWay = (world: World, process: Process, isImmediate: boolean) => {
  const chance = world.chance.fork(`streams for ${process.name}`)
  const failed = (operation: Operation, { answer }: Fate) =>
    answer === "outcome" ? Effect.void : new StreamsUnavailable({ operation, cause: failures[answer]() })
  return (operation: Operation) => <A, E>(call: Effect.Effect<A, E>): Effect.Effect<A, E | StreamsUnavailable> =>
    process.alive(Effect.suspend(() => {
      const fate = isImmediate ? atOnce : fateOf(world, chance)
      const lands = Math.min(fate.lands ?? fate.answers, fate.answers)
      world.journal.tell(process.name, () => `${operation} ${fate.answer}`)
      return pause(lands).pipe(
        Effect.andThen(fate.answer === "outcome" ? Effect.exit(call) : Effect.succeed(null)),
        Effect.tap(pause(fate.answers - lands)),
        Effect.tap(failed(operation, fate)),
        Effect.flatMap((exit) => exit ?? Effect.never)
      )
    }))
}

/** The streams of some tables for a process. A request that changes nothing has happened, or has not: it is asked again. */
export const streamsFor = (
  streams: ReadonlyArray<SimulatedStream>,
  world: World,
  process: Process,
  isImmediate: boolean
): Layer.Layer<DynamoStreams> => {
  const ask = onItsWay(world, process, isImmediate)
  const gone = (what: string) => new Trimmed({ cause: new Error(`ResourceNotFoundException: ${what}`) })
  return Layer.succeed(DynamoStreams, {
    streamOf: (table) => {
      const stream = streams.find((stream) => stream.table === table)
      return ask("DescribeTable")(stream?.service.streamOf(table) ?? Effect.succeedNone)
    },
    shards: (arn) => {
      const stream = streams.find((stream) => stream.arn === arn)
      return ask("DescribeStream")(stream?.service.shards(arn) ?? gone(arn))
    },
    iterator: (arn, shard, position) => {
      const stream = streams.find((stream) => stream.arn === arn)
      return ask("GetShardIterator")(stream?.service.iterator(arn, shard, position) ?? gone(arn))
    },
    records: (token) => {
      const stream = streams.find((stream) => stream.issued(token))
      return ask("GetRecords")(stream?.service.records(token) ?? gone(token))
    }
  })
}
