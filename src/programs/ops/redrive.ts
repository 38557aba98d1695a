import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { CommentId } from "../../domain/ids.ts"
import { Redrive, type Redriven } from "../../projections/Redrive.ts"
import { Misused, NotAllWell } from "./failures.ts"
import * as Flags from "./flags.ts"
import { projecting } from "./layers.ts"
import { parkedPages } from "./parked.ts"

const report = ({ projected: { applied, parked }, stream }: Redriven) => {
  const [again] = parked
  return Console.log(
    again === undefined
      ? `${stream} goes on: ${applied} events projected`
      : `${stream} is parked again at version ${again.version}: ${again.cause}`
  )
}

const redriven = (chosen: Option.Option<CommentId>) =>
  Stream.unwrap(
    Effect.map(Redrive, ({ all, one }) =>
      Option.match(chosen, {
        onNone: () => all,
        onSome: (stream) => Stream.fromEffect(one(stream))
      }))
  )

const wouldBe = (chosen: Option.Option<CommentId>) =>
  parkedPages(100).pipe(
    Stream.filter(({ stream }) => Option.match(chosen, { onNone: () => true, onSome: (one) => one === stream })),
    Stream.tap(({ stream, version }) => Console.log(`${stream} would be projected from version ${version}`)),
    Stream.runCount
  )

/** Projects parked streams again. */
export const redrive = Command.make(
  "redrive",
  {
    stream: Argument.optional(Flags.stream),
    all: Flag.Boolean("all").pipe(Flag.withDescription("All parked streams"), Flag.withDefault(false)),
    dryRun: Flags.dryRun
  },
  Effect.fnUntraced(
    function*({ all, dryRun, stream }) {
      if (all === Option.isSome(stream)) {
        return yield* new Misused({ message: "Name one stream, or ask for --all of them." })
      }
      if (dryRun) {
        return yield* Console.log(`${yield* wouldBe(stream)} streams would be redriven.`)
      }
      const parked = yield* redriven(stream).pipe(
        Stream.tap(report),
        Stream.filter(({ projected }) => projected.parked.length > 0),
        Stream.runCount
      )
      if (parked > 0) return yield* new NotAllWell({ message: `${parked} streams are parked again.` })
    },
    Effect.provide(projecting)
  )
).pipe(Command.withDescription(
  "Project parked streams again, once what was wrong with their events is mended; ends with 3 if one is parked again"
))
