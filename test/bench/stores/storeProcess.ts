import { Effect, Queue, Ref, Schema, Stream } from "effect"
import { fileURLToPath } from "node:url"
import { BenchError } from "../BenchError.ts"
import type { Pinning } from "../servers/pinning.ts"
import { spawnNode } from "../servers/spawnNode.ts"
import { WorkEngines } from "../work/WorkRow.ts"
import { StoreJob, StoreOutcome } from "./StoreJob.ts"

const encodeEngines = Schema.encodeSync(Schema.fromJsonString(WorkEngines))
const encodeJob = Schema.encodeSync(Schema.fromJsonString(StoreJob))
const decodeOutcome = Schema.decodeUnknownEffect(Schema.fromJsonString(StoreOutcome))

/** How long one job may take. Whoever takes longer is ended, so that no late answer is taken for that of a later job. */
const patience = "3 minutes"

/** An event store, as the tables name it, and the program that drives it. */
export interface Store {
  readonly name: string
  /** Relative to `rivals/`. */
  readonly program: string
}

/** A store's process, which does one job after the other. */
export interface RunningStore {
  readonly store: Store
  readonly ask: (job: StoreJob) => Effect.Effect<StoreOutcome, BenchError>
}

/** Starts a store on these engines, in a database or a table of its own; the scope's end ends it. */
export const startStore = Effect.fn("startStore")(function*(store: Store, engines: WorkEngines, pinning: Pinning) {
  const jobs = yield* Queue.unbounded<string>()
  const answers = yield* Queue.unbounded<string>()
  const printed = yield* Ref.make("")
  yield* Queue.offer(jobs, encodeEngines(engines))
  const child = yield* spawnNode({
    name: store.name,
    prefix: pinning.prefix("server"),
    nodeArguments: [fileURLToPath(new URL(`../rivals/${store.program}`, import.meta.url))],
    environment: { AWS_REGION: "local", AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench" },
    input: Stream.fromQueue(jobs)
  })
  yield* child.stdout.pipe(
    Stream.decodeText,
    Stream.splitLines,
    Stream.filter((line) => line.startsWith("{")),
    Stream.runForEach((line) => Queue.offer(answers, line)),
    Effect.ignore,
    Effect.forkScoped
  )
  yield* child.stderr.pipe(
    Stream.decodeText,
    Stream.runForEach((text) => Ref.update(printed, (before) => (before + text).slice(-4000))),
    Effect.ignore,
    Effect.forkScoped
  )
  const gaveUp = (why: string) =>
    Effect.flatMap(
      Ref.get(printed),
      (text) => new BenchError({ message: `${store.name} ${why}. It printed:\n${text}` })
    )
  const ended = Effect.flatMap(Effect.exit(child.exitCode), () => gaveUp("ended"))
  const ask = Effect.fn("ask")(function*(job: StoreJob) {
    yield* Queue.offer(jobs, encodeJob(job))
    const line = yield* Effect.raceFirst(Queue.take(answers), ended).pipe(
      Effect.timeoutOrElse({
        duration: patience,
        orElse: () =>
          Effect.andThen(
            Effect.ignore(child.kill({ killSignal: "SIGKILL" })),
            gaveUp(`did not do ${job._tag} within ${patience}`)
          )
      })
    )
    const outcome = yield* Effect.mapError(
      decodeOutcome(line),
      () => new BenchError({ message: `${store.name} can't be understood: ${line}` })
    )
    if (outcome._tag !== "Failed") return outcome
    return yield* new BenchError({ message: `${store.name}: ${job._tag} failed: ${outcome.why}` })
  })
  return { store, ask } satisfies RunningStore
})
