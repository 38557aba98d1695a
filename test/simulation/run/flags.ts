import { Schema } from "effect"
import { Flag } from "effect/cli"

const seed = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** 31 }))
const positive = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000_000 }))
const numbers = Schema.String.check(Schema.isPattern(/^(?:none|\d+(?:,\d+)*)$/))

/** What may be said to `npm run simulate`. What goes with what, `choose` knows. */
export const flags = {
  seeds: Flag.Int("seeds").pipe(
    Flag.withSchema(positive),
    Flag.withDescription("How many seeds are run: 1000, if left out"),
    Flag.optional
  ),
  from: Flag.Int("from").pipe(
    Flag.withSchema(seed),
    Flag.withDescription("The first of them: 1, if left out"),
    Flag.optional
  ),
  operations: Flag.Int("operations").pipe(
    Flag.withSchema(positive),
    Flag.withDescription("How much the clients of a run do"),
    Flag.optional
  ),
  one: Flag.Int("seed").pipe(Flag.withSchema(seed), Flag.withDescription("One seed, in place of many"), Flag.optional),
  trace: Flag.Boolean("trace").pipe(Flag.withDescription("With --seed: print each step"), Flag.withDefault(false)),
  kinds: Flag.String("with").pipe(
    Flag.withDescription("With --seed: a kind of fault or incident that may strike, of those that the seed has"),
    Flag.atLeast(0)
  ),
  calm: Flag.Boolean("calm").pipe(Flag.withDescription("With --seed: nothing strikes"), Flag.withDefault(false)),
  keep: Flag.String("keep").pipe(
    Flag.withSchema(numbers),
    Flag.withDescription("With --seed: the numbers of the operations that aren't left out, with commas, or: none"),
    Flag.optional
  )
}
