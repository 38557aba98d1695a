import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb"
import { Clock, type Context, Effect, Layer, Option } from "effect"
import { commitItem, commitKey } from "../../../../src/events/dynamoCommits.ts"
import { DynamoDb } from "../../../../src/platform/DynamoDb.ts"
import { dynamoRequest } from "../../../../src/platform/DynamoError.ts"
import { DynamoStreams, ShardPosition } from "../../../../src/platform/DynamoStreams.ts"
import { commit, posted, stream } from "../../../support/encodedCommits.ts"
import { Chance } from "../../kernel/Chance.ts"
import { type FaultKind, Faults } from "../../kernel/Faults.ts"
import { Journal } from "../../kernel/Journal.ts"
import { Process } from "../../kernel/Process.ts"
import { runSimulated } from "../../kernel/simulatedTime.ts"
import type { World } from "../../kernel/World.ts"
import { SimulatedDynamo } from "./SimulatedDynamo.ts"

/** So often that it always happens. */
const always = 1000

/** The first commit of the nth stream. */
export const first = (n: number, text = "a") => commit(stream(n), 1, posted(text))

const put = (n: number, text?: string) => {
  const command = new PutItemCommand({ TableName: "events", Item: commitItem(first(n, text)) })
  return Effect.flatMap(DynamoDb, ({ client }) => dynamoRequest((options) => client.send(command, options)))
}

const isThere = (n: number, ConsistentRead: boolean) => {
  const command = new GetItemCommand({ TableName: "events", Key: commitKey(stream(n), 1), ConsistentRead })
  return Effect.flatMap(DynamoDb, ({ client }) => dynamoRequest((options) => client.send(command, options))).pipe(
    Effect.map(({ Item }) => Item !== undefined)
  )
}

/** The streams of all records that one who reads on and on gets out of the events' stream, in that order. */
const delivered = Effect.gen(function*() {
  const streams = yield* DynamoStreams
  const arn = Option.getOrThrow(yield* streams.streamOf("events"))
  const found: Array<string> = []
  for (const { id } of yield* streams.shards(arn)) {
    let next = yield* streams.iterator(arn, id, ShardPosition.TrimHorizon())
    for (let read = 0; next !== null && read < 40; read++) {
      const page = yield* streams.records(next)
      found.push(...page.records.map(({ dynamodb: { NewImage } }) => JSON.stringify(Object(NewImage).stream.S)))
      next = page.next
    }
  }
  return found
})

/** A world in which nothing happens but one kind of fault, and that always, and one process in it. */
const make = Effect.fnUntraced(function*(seed: string, kind: FaultKind | null) {
  const clock = yield* Clock.clockWith(Effect.succeed)
  const chance = new Chance(seed)
  const faults = new Faults(chance, new Set(kind === null ? [] : [kind]), always)
  const world: World = { chance, faults, journal: new Journal(() => clock.currentTimeMillisUnsafe(), true) }
  const dynamo = new SimulatedDynamo(world)
  const process = new Process("one")
  const layer = Layer.merge(dynamo.connect(process), dynamo.streamsFor(process))
  const services: Context.Context<DynamoDb | DynamoStreams> = yield* Layer.build(layer)
  const run = Effect.provideContext(services)
  return {
    world,
    dynamo,
    process,
    put: (n: number, text?: string) => run(put(n, text)),
    isThere: (n: number, isStrong: boolean) => run(isThere(n, isStrong)),
    delivered: run(delivered)
  }
})

export type FaultyWorld = Effect.Success<ReturnType<typeof make>>

/** What comes of a work in a world of a seed. */
export const inWorldOf = async <A, E>(
  kind: FaultKind | null,
  work: (world: FaultyWorld) => Effect.Effect<A, E>,
  seed = "a seed"
): Promise<A> => {
  const exit = await runSimulated(Effect.flatMap(make(seed, kind), work))
  return Effect.runSync(exit)
}
