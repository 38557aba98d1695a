import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { engineEnded, EngineError } from "./engines/engineProcess.ts"

/** Keeps an eye on the parts of the stack: it says of each that it is ready, and tells when one has ended by itself. */
export class Parts extends Context.Service<Parts, {
  /** Waits for a part that answers with its address, and says so; of a password in it, nothing. */
  started<E, R>(name: string, start: Effect.Effect<string, E, R>): Effect.Effect<string, E, R>

  /** Fails once a part that had started has ended by itself. */
  readonly died: Effect.Effect<never, EngineError>
}>()("marginalia/programs/stack/Parts") {
  static readonly layer = Layer.effectContext(
    Effect.sync(() => {
      const running = new Set<string>()
      const died = Deferred.makeUnsafe<never, EngineError>()
      // Of one that never started, whoever starts it has more to say.
      const ended = (name: string): void => {
        if (!running.has(name)) return
        Deferred.doneUnsafe(
          died,
          Exit.fail(new EngineError({ engine: name, message: `${name} has ended by itself, and the stack with it.` }))
        )
      }
      const parts = Parts.of({
        started: Effect.fnUntraced(function*(name, start) {
          const address = yield* start
          running.add(name)
          yield* Console.log(`${name.padEnd(16)} ${address.replace(/:[^:@/]*@/, "@")}`)
          return address
        }),
        died: Deferred.await(died)
      })
      return Context.make(Parts, parts).pipe(Context.add(engineEnded, ended))
    })
  )
}
