import { DateTime, Effect, Predicate, Schema } from "effect"
import * as jose from "jose"

/** Somebody whom a token speaks for, by the name that their comments will have. */
export interface Speaker {
  readonly subject: string
  readonly token: string
}

/** Whom a deployment's tokens speak for. */
export interface Speakers {
  /** Those who may write and not moderate: the first, and the others in the order given. */
  readonly writers: readonly [Speaker, ...ReadonlyArray<Speaker>]
  /** The first writer, by a token that allows neither. */
  readonly reader: Speaker | undefined
  /** Somebody else, who may write and moderate. */
  readonly moderator: Speaker | undefined
}

/** A token that nothing can be done with. The message is a sentence that names the flag, and never the token. */
export class TokenUnusable extends Schema.TaggedError<TokenUnusable>()("TokenUnusable", { message: Schema.String }) {}

// What is in a token is looked at, not verified: that is the deployment's to do.
const read = (flag: string, token: string, now: number) =>
  Effect.gen(function*() {
    const unusable = (why: string) => new TokenUnusable({ message: `${flag} ${why}.` })
    const claims = yield* Effect.try({
      try: () => jose.decodeJwt(token),
      catch: () => unusable("is no JSON Web Token")
    })
    if (!Predicate.isString(claims.sub) || claims.sub === "") return yield* unusable("speaks for nobody: it has no sub")
    if (claims.exp !== undefined && claims.exp * 1000 <= now) {
      return yield* unusable(`ended at ${DateTime.formatIso(DateTime.makeUnsafe(claims.exp * 1000))}: get a new one`)
    }
    const speaker: Speaker = { subject: claims.sub, token }
    return speaker
  })

/** The tokens, as they were given. */
export interface GivenTokens {
  readonly token: string
  readonly others: ReadonlyArray<string>
  readonly reading: string | undefined
  readonly moderator: string | undefined
}

const optional = <A, E>(given: string | undefined, use: (token: string) => Effect.Effect<A, E>) =>
  given === undefined ? Effect.undefined : use(given)

/** Whom the tokens speak for, each somebody else but for the one that reads. `now` is in milliseconds since the epoch. */
export const readSpeakers = Effect.fnUntraced(function*(given: GivenTokens, now: number) {
  const writer = yield* read("--token", given.token, now)
  const others = yield* Effect.forEach(given.others, (token) => read("--other-token", token, now))
  const reader = yield* optional(given.reading, (token) => read("--reading-token", token, now))
  const moderator = yield* optional(given.moderator, (token) => read("--moderator-token", token, now))
  const all = [writer, ...others, ...(moderator === undefined ? [] : [moderator])]
  if (new Set(all.map(({ subject }) => subject)).size < all.length) {
    return yield* new TokenUnusable({
      message:
        "Each of --token, --other-token and --moderator-token must speak for somebody else: two have the same sub."
    })
  }
  if (reader !== undefined && reader.subject !== writer.subject) {
    return yield* new TokenUnusable({ message: "--reading-token must speak for the same sub as --token." })
  }
  const speakers: Speakers = { writers: [writer, ...others], reader, moderator }
  return speakers
})
