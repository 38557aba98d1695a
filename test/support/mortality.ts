import { Effect, Option } from "effect"
import { DynamoStreams, StreamsUnavailable } from "../../src/platform/DynamoStreams.ts"
import type { Places } from "../../src/projections/shardPlaces.ts"
import {
  type FollowedStream,
  StreamCheckpoints,
  StreamCheckpointsUnavailable
} from "../../src/projections/StreamCheckpoints.ts"

/** Checkpoints that outlive their follower, and nothing else. */
export const memoryCheckpoints = (): StreamCheckpoints["Service"] => {
  const kept = new Map<string, FollowedStream>()
  const merge = (places: Places, more: Places): Places => new Map([...places, ...more])
  return StreamCheckpoints.of({
    load: (table) => Effect.sync(() => Option.fromUndefinedOr(kept.get(table))),
    begin: (table, followed) => Effect.sync(() => void kept.set(table, followed)),
    save: (table, changed) =>
      Effect.sync(() =>
        void kept.set(table, { ...changed, places: merge(kept.get(table)?.places ?? new Map(), changed.places) })
      ),
    forget: (table, shards) =>
      Effect.sync(() => {
        const followed = kept.get(table)
        if (followed === undefined) return
        kept.set(table, { ...followed, places: new Map([...followed.places].filter(([id]) => !shards.includes(id))) })
      })
  })
}

/** What a follower goes through, call by call, until it is killed at one of them. */
export class Lifeline {
  calls = 0
  private readonly killedAt: number

  constructor(killedAt = Infinity) {
    this.killedAt = killedAt
  }

  get isDead(): boolean {
    return this.calls >= this.killedAt
  }

  kill(): void {
    this.calls = Infinity
  }

  /** A call that a dead follower doesn't make, and one that kills it is made without its hearing the answer. */
  readonly around = <A, E, R, E2>(call: Effect.Effect<A, E, R>, dead: () => E2): Effect.Effect<A, E | E2, R> =>
    Effect.suspend((): Effect.Effect<A, E | E2, R> => {
      if (this.isDead) return Effect.fail(dead())
      this.calls++
      return this.isDead ? Effect.fail(dead()) : Effect.flatMap(call, (answer): Effect.Effect<A, E2> => {
        if (this.isDead) return Effect.fail(dead())
        this.calls++
        return this.isDead ? Effect.fail(dead()) : Effect.succeed(answer)
      })
    })
}

const killed = new Error("killed")

export const mortalStreams = (streams: DynamoStreams["Service"], { around }: Lifeline) => {
  const dead = () => new StreamsUnavailable({ operation: "GetRecords", cause: killed })
  return DynamoStreams.of({
    streamOf: (table) => around(streams.streamOf(table), dead),
    shards: (stream) => around(streams.shards(stream), dead),
    iterator: (stream, shard, position) => around(streams.iterator(stream, shard, position), dead),
    records: (iterator) => around(streams.records(iterator), dead)
  })
}

export const mortalCheckpoints = (checkpoints: StreamCheckpoints["Service"], { around }: Lifeline) => {
  const dead = () => new StreamCheckpointsUnavailable({ cause: killed })
  return StreamCheckpoints.of({
    load: (table) => around(checkpoints.load(table), dead),
    begin: (table, followed) => around(checkpoints.begin(table, followed), dead),
    save: (table, changed) => around(checkpoints.save(table, changed), dead),
    forget: (table, shards) => around(checkpoints.forget(table, shards), dead)
  })
}
