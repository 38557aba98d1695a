import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { ScanCheckpoint } from "../../events/EventStore.ts"
import type { ReconcileProgress } from "../../projections/Reconcile.ts"
import { Reconcile } from "../../projections/Reconcile.ts"
import { Verify } from "../../projections/Verify.ts"
import { makeCounter } from "./counter.ts"
import { NotAllWell } from "./failures.ts"
import { dryRun } from "./flags.ts"
import { comparing, projecting } from "./layers.ts"

const missing = Effect.gen(function*() {
  const { run } = yield* Verify
  const counter = makeCounter()
  const last = yield* run.pipe(
    Stream.tap(({ commits }) => counter.show(`${commits} commits compared`)),
    Stream.runLast,
    Effect.ensuring(counter.end)
  )
  const behind = Option.match(last, {
    onNone: () => [],
    onSome: ({ differences }) => differences.flatMap((one) => one._tag === "Behind" ? [one] : [])
  })
  const events = behind.reduce((sum, { head, position }) => sum + head - position, 0)
  yield* Console.log(`${events} events of ${behind.length} streams would be projected.`)
}).pipe(Effect.provide(comparing))

const all = Effect.fnUntraced(function*(from: Option.Option<ScanCheckpoint>) {
  const { scan } = yield* Reconcile
  const counter = makeCounter()
  let reached: ReconcileProgress | undefined
  yield* scan(Option.getOrUndefined(from)).pipe(
    Stream.runForEach((progress) => {
      reached = progress
      return counter.show(
        `${progress.commits} commits looked at, ${progress.applied} events projected, ${progress.parked} streams parked`
      )
    }),
    Effect.ensuring(counter.end),
    Effect.onError(() =>
      reached === undefined ? Effect.void : Console.error(`To go on from here: --from '${reached.checkpoint}'`)
    )
  )
  const { applied = 0, commits = 0, parked = 0 } = reached ?? {}
  yield* Console.log(`${commits} commits looked at, ${applied} events projected that the read model had missed.`)
  if (parked > 0) return yield* new NotAllWell({ message: `${parked} streams were parked: see "ops parked list".` })
}, Effect.provide(projecting))

/** Brings the whole log through the projector. */
export const reconcile = Command.make(
  "reconcile",
  {
    dryRun,
    from: Flag.String("from").pipe(
      Flag.withDescription("Where an earlier run stood when it ended"),
      Flag.withSchema(Schema.String.pipe(Schema.decodeTo(ScanCheckpoint))),
      Flag.optional
    )
  },
  ({ dryRun, from }) => dryRun ? missing : all(from)
).pipe(Command.withDescription(
  "Scan the whole log through the projector, which applies what the read model has missed; may run beside everything else"
))
