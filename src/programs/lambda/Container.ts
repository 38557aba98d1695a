import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import { within } from "./within.ts"

/** How long what was kept from the last invocation may take to show that it is still alive. */
const patience = "1 second"

/** What a Lambda's container keeps from one invocation to the next. */
export interface Container<R, E> {
  /** The services: those of the last invocation if they are still alive, else new ones. */
  readonly services: Effect.Effect<Context.Context<R>, E>
  /** Lets go of the services: the next invocation gets new ones. They are closed while nobody waits. */
  readonly drop: Effect.Effect<void>
}

/**
 * A container over some layers. A build that failed isn't remembered: as `ManagedRuntime` would have it, a database that
 * was down during a cold start would be down for this container for ever.
 *
 * A container is frozen between invocations, for minutes perhaps, and its connections may die meanwhile without a word. So
 * what was kept is asked whether it is alive before it is trusted with a batch.
 */
export const makeContainer = <R, E, E2>(
  layer: Layer.Layer<R, E>,
  isAlive: Effect.Effect<unknown, E2, R>
): Container<R, E> => {
  let kept: { readonly services: Context.Context<R>; readonly scope: Scope.Closeable } | undefined

  const build = Effect.gen(function*() {
    const scope = yield* Scope.make()
    const services = yield* Layer.buildWithScope(layer, scope).pipe(
      Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause)))
    )
    kept = { services, scope }
    return services
  })

  const drop = Effect.suspend(() => {
    if (kept === undefined) return Effect.void
    const { scope } = kept
    kept = undefined
    return Effect.asVoid(Effect.forkDetach(Scope.close(scope, Exit.void)))
  })

  const services = Effect.suspend(() => {
    if (kept === undefined) return build
    const { services } = kept
    return Effect.flatMap(
      within(Effect.provideContext(isAlive, services), patience),
      (exit) =>
        Option.exists(exit, Exit.isSuccess)
          ? Effect.succeed(services)
          : Effect.logInfo("What was kept from the last invocation has died, and is made anew").pipe(
            Effect.andThen(drop),
            Effect.andThen(build)
          )
    )
  })

  return { services, drop }
}
