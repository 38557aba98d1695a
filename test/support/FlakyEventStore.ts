import { Context, Effect, Layer } from "effect"
import type { Commit } from "../../src/events/Commit.ts"
import { EventStore, EventStoreUnavailable } from "../../src/events/EventStore.ts"

/** What happens to an append. */
export type Mishap =
  /** Nothing out of the ordinary. */
  | { readonly _tag: "None" }
  /** It is turned away: it fails with the outcome `nothing`. */
  | { readonly _tag: "Refused" }
  /** It times out, and never takes effect. */
  | { readonly _tag: "Lost" }
  /** It takes effect or conflicts, and times out after that. */
  | { readonly _tag: "Unheard" }
  /** It times out, and takes effect or conflicts so many calls of the store later. */
  | { readonly _tag: "Late"; readonly calls: number }

export const refused: Mishap = { _tag: "Refused" }
export const lost: Mishap = { _tag: "Lost" }
export const unheard: Mishap = { _tag: "Unheard" }
export const late = (calls: number): Mishap => ({ _tag: "Late", calls })

/** The same mishap each time. */
export const always = function*(mishap: Mishap): Generator<Mishap, void> {
  while (true) yield mishap
}

/** What a flaky store was asked for, what it still holds back, and how to mend it. */
export class Flakiness extends Context.Service<Flakiness, {
  /** The commits that were to be appended, in the order of the calls. */
  readonly attempted: ReadonlyArray<Commit>
  /** Lets every append that is late take effect. */
  readonly landAll: Effect.Effect<void>
  /** From here on nothing befalls an append any more. */
  readonly repair: Effect.Effect<void>
}>()("marginalia/test/Flakiness") {}

interface LateAppend {
  readonly landing: Effect.Effect<void>
  calls: number
}

const unavailable = (outcome: EventStoreUnavailable["outcome"]) =>
  Effect.fail(new EventStoreUnavailable({ operation: "append", outcome, cause: new Error("planned by a test") }))

/** A store like the one under it, but for what befalls its appends, one mishap after the other until there are no more. */
export const layer = (mishaps: Iterable<Mishap>): Layer.Layer<EventStore | Flakiness, never, EventStore> =>
  Layer.effectContext(
    Effect.map(EventStore, (store) => {
      const planned = mishaps[Symbol.iterator]()
      const attempted: Array<Commit> = []
      let isRepaired = false
      const held = new Set<LateAppend>()

      const land = (isDue: (append: LateAppend) => boolean) =>
        Effect.suspend(() =>
          Effect.forEach([...held].filter(isDue), (append) => {
            held.delete(append)
            return append.landing
          }, { discard: true })
        )

      const called = Effect.andThen(
        Effect.sync(() => held.forEach((append) => append.calls--)),
        land(({ calls }) => calls <= 0)
      )

      const append: typeof store.append = (head, commit) =>
        Effect.andThen(
          called,
          Effect.suspend(() => {
            attempted.push(commit)
            const { done, value: mishap } = planned.next()
            if (done === true || isRepaired) return store.append(head, commit)
            switch (mishap._tag) {
              case "None":
                return store.append(head, commit)
              case "Refused":
                return unavailable("nothing")
              case "Lost":
                return unavailable("unknown")
              case "Unheard":
                return Effect.andThen(Effect.exit(store.append(head, commit)), unavailable("unknown"))
              case "Late":
                held.add({ calls: mishap.calls, landing: Effect.ignore(store.append(head, commit)) })
                return unavailable("unknown")
            }
          })
        )

      const flaky = EventStore.of({
        ...store,
        load: (stream, consistency) => Effect.andThen(called, store.load(stream, consistency)),
        append
      })
      const flakiness = Flakiness.of({
        attempted,
        landAll: land(() => true),
        repair: Effect.sync(() => {
          isRepaired = true
        })
      })
      return Context.make(EventStore, flaky).pipe(Context.add(Flakiness, flakiness))
    })
  )
