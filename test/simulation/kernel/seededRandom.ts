import { Context, Layer, Random } from "effect"
import { SecureRandom } from "effect/crypto"
import type { Chance } from "./Chance.ts"

const bytesOf = (chance: Chance) => (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, () => chance.integer(0, 255))

/** Randomness that a seed decides, the kind that is meant to be secure too. UUIDs of version 7 take the time of its user's clock. */
export const seededRandom = (chance: Chance): Layer.Layer<SecureRandom.SecureRandom> => {
  const drawn = chance.fork("random")
  const random = Context.make(Random.Random, {
    nextIntUnsafe: () => Math.floor((drawn.next() * 2 - 1) * Number.MAX_SAFE_INTEGER),
    nextDoubleUnsafe: () => drawn.next()
  })
  const secure = SecureRandom.SecureRandom.of(SecureRandom.make(bytesOf(chance.fork("secure random"))))
  return Layer.succeedContext(Context.add(random, SecureRandom.SecureRandom, secure))
}
