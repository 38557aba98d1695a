import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { makeTcpProxy } from "../../support/tcpProxy.ts"
import { cut, freeze, slow } from "./severing.ts"

const extent = { hold: Duration.millis(1) }

const nobody = Effect.map(
  makeTcpProxy({ host: "127.0.0.1", port: 9 }),
  (way) => ({ way, pids: Effect.succeed([]) })
)

describe("A fault that hurts nobody", () => {
  it.live("is found where an engine was to be frozen", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* freeze(yield* nobody, extent), [
        "It wasn't frozen: not all of its processes stood still."
      ])
    }))

  it.live("is found where an engine was to be cut off", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* cut(yield* nobody, extent), [
        "It wasn't cut off: no connection was ended.",
        "It wasn't cut off: no connection was refused."
      ])
    }))

  it.live("is found where an engine was to be slow", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* slow(yield* nobody, extent), ["It wasn't slow: nothing arrived later."])
    }))
})
