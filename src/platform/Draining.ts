import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** Whether the program is ending. From then on every answer asks its client to close the connection. */
export class Draining extends Context.Service<Draining, {
  readonly begun: () => boolean
  readonly begin: Effect.Effect<void>
}>()("marginalia/platform/Draining") {
  static readonly layer = Layer.sync(Draining, () => {
    let begun = false
    return Draining.of({
      begun: () => begun,
      begin: Effect.sync(() => {
        begun = true
      })
    })
  })
}
