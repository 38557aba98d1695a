import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertStatus } from "../assertAnswer.ts"
import { assertLeft, from, newAddress, postWith, quotaIn } from "../limits.ts"
import type { Part } from "../Part.ts"

/** Where `X-Client-IP` is believed, and limits are those that hold by default: a command comes back each 360 ms. */
export const clientAddresses: Part = (it) =>
  describe("Addresses that the trusted header tells", () => {
    it.effect("have a bucket each", () =>
      Effect.gen(function*() {
        const [here, there] = [postWith(from(newAddress())), postWith(from(newAddress()))]
        const replies = yield* Effect.all(Array.from({ length: 10 }, () => here), { concurrency: 10 })
        assert.isBelow(Math.min(...replies.map((reply) => quotaIn(reply)?.r ?? 10_000)), 9999)
        assertLeft(assertStatus(yield* there, 401), "commands", 9999)
      }))
  })
