import { Clock, Effect, Fiber, Option, Result, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { CommitId } from "../../src/domain/ids.ts"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { ScanCheckpoint } from "../../src/events/EventStore.ts"
import { DynamoStreams, type StreamRecord } from "../../src/platform/DynamoStreams.ts"
import { StreamCheckpoints } from "../../src/projections/StreamCheckpoints.ts"
import { follow } from "../../src/projections/StreamFollower.ts"
import { decodeStreamRecord } from "../../src/projections/streamRecords.ts"
import { SimulatedStream } from "../simulation/engines/dynamo/SimulatedStream.ts"
import { Lifeline, mortalCheckpoints, mortalStreams } from "./mortality.ts"

/** The commits of a log, and those of them that a follower of its stream has handed over or scanned. */
export class Witness {
  readonly log: Array<EncodedCommit> = []
  readonly seen = new Set<CommitId>()
  /** The sequence numbers of the records that were handed over, in that order. */
  readonly handled: Array<string> = []
  /** Where each scan that was begun or resumed went on. */
  readonly scannedFrom: Array<number> = []
  /** So many batches can't be handled. */
  failures = 0
  readonly simulated: SimulatedStream

  constructor(simulated = new SimulatedStream()) {
    this.simulated = simulated
  }
}

const commitOf = (record: StreamRecord) => Result.getOrThrow(decodeStreamRecord(record)).commit

class NotHandled {
  readonly _tag = "NotHandled"
}

/** Follows the simulated stream. What is handed over, and what a scan finds, is kept. */
export const witness = (
  seeing: Witness,
  checkpoints: StreamCheckpoints["Service"],
  lifeline = new Lifeline()
) => {
  const handler = (records: ReadonlyArray<StreamRecord>) =>
    lifeline.around(
      Effect.suspend(() => {
        if (seeing.failures > 0) {
          seeing.failures--
          return Effect.fail(new NotHandled())
        }
        for (const record of records) {
          const commit = commitOf(record)
          if (commit !== null) seeing.seen.add(commit.id)
          seeing.handled.push(record.dynamodb.SequenceNumber)
        }
        return Effect.yieldNow
      }),
      () => new NotHandled()
    )
  const scan = (after = ScanCheckpoint.make("0")) =>
    Stream.unwrap(Effect.sync(() => {
      seeing.scannedFrom.push(Number(after))
      // As with a real scan, what is written meanwhile may be missing.
      const end = seeing.log.length
      return Stream.paginate(Number(after), (at) =>
        lifeline.around(
          Effect.delay(
            Effect.sync(() => {
              const next = Math.min(at + 4, end)
              for (const { id } of seeing.log.slice(at, next)) seeing.seen.add(id)
              const progress = {
                commits: next - at,
                applied: 0,
                parked: 0,
                checkpoint: ScanCheckpoint.make(String(next))
              }
              return [[progress], next < end ? Option.some(next) : Option.none()] as const
            }),
            "1 second"
          ),
          () => new NotHandled()
        ))
    }))
  return follow({ table: seeing.simulated.table, handler, scan }).pipe(
    Effect.provideService(DynamoStreams, mortalStreams(seeing.simulated.service, lifeline)),
    Effect.provideService(StreamCheckpoints, mortalCheckpoints(checkpoints, lifeline))
  )
}

/** Appends these commits to the log, and shows them in the stream, perhaps in another order. */
export const append = Effect.fnUntraced(function*(
  { log, simulated }: Witness,
  commits: ReadonlyArray<EncodedCommit>,
  swapped = false
) {
  log.push(...commits)
  simulated.put(swapped ? commits.toReversed() : commits, yield* Clock.currentTimeMillis)
})

/** What was appended, and neither handed over nor scanned. */
export const missing = ({ log, seen }: Witness) => log.filter(({ id }) => !seen.has(id)).map(({ id }) => id)

/** The log in an order in which it could have been written. */
export const interleaved = (log: ReadonlyArray<EncodedCommit>) =>
  log.toSorted((one, other) => one.version - other.version)

/** Lets time pass, little by little, so that a follower can do in it what it would. */
export const pass = Effect.fnUntraced(function*(seconds: number) {
  const step = Math.max(0.2, seconds / 200)
  for (let passed = 0; passed < seconds; passed += step) {
    for (let turns = 0; turns < 20; turns++) yield* Effect.yieldNow
    yield* TestClock.adjust(step * 1000)
  }
})

/** Lets time pass until nothing of the log is missing, but not for ever. */
export const settle = Effect.fnUntraced(function*(witness: Witness) {
  for (let seconds = 0; seconds < 120 && missing(witness).length > 0; seconds++) yield* pass(1)
})

/** Follows while something happens, and ends then in good order. */
export const whileFollowing = Effect.fnUntraced(function*<A, E, R>(
  seeing: Witness,
  checkpoints: StreamCheckpoints["Service"],
  meanwhile: Effect.Effect<A, E, R>
) {
  const follower = yield* Effect.forkChild(witness(seeing, checkpoints))
  const result = yield* meanwhile
  yield* Fiber.interrupt(follower)
  return result
})
