import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import { type People, Target } from "./Target.ts"

/**
 * Somebody who has written nothing, and whose name is ours to choose. Only an issuer that is at hand signs tokens for them:
 * a test that needs one doesn't run against a deployment that has another.
 */
export const newUser = (): string => `user-${randomUUID()}`

const person = (choose: (people: People) => Effect.Effect<string>) =>
  Effect.flatMap(Target, ({ people }) => people === undefined ? Effect.sync(newUser) : choose(people))

/** Whoever may write. It may be the same each time, and may have written before. */
export const anybody = person(({ anybody }) => anybody)

/** Whoever may write and is none of those that the test has asked for. They may have written before. */
export const somebodyElse = person(({ somebodyElse }) => somebodyElse)

/** Whoever may moderate, and is none of those that the test has asked for. */
export const moderator = person(({ moderator }) => moderator)

/** Says that a test writes where others may look: on pictures whose names it doesn't choose so that nobody has them. */
export const onCommonGround = Effect.flatMap(
  Target,
  ({ people }) =>
    people === undefined ? Effect.void : people.leaveOut("a deployment of its own, for pictures that others may have")
)

/** The issuer of the tokens, for a test that has it sign what no issuer gives out. */
export const issuerAtHand = Effect.flatMap(Target, ({ issuer, people }) => {
  if (issuer !== undefined) return issuer
  return people === undefined
    ? Effect.die(new Error("The target believes an issuer that isn't at hand"))
    : people.leaveOut("an issuer of its own, that signs whatever it is told to")
})
