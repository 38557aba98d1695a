import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit } from "effect"
import { makeCast } from "./cast.ts"
import { readSpeakers, type Speaker, type Speakers } from "./Speaker.ts"

const speaker = (subject: string, token = subject): Speaker => ({ subject, token })

const alone: Speakers = { writers: [speaker("ana")], reader: undefined, moderator: undefined }
const all: Speakers = {
  writers: [speaker("ana"), speaker("bruno")],
  reader: speaker("ana", "reading"),
  moderator: speaker("mo")
}

/** A cast for a test that begins, whose being left out is a defect with the reason. */
const castOf = (speakers: Speakers) => {
  const cast = makeCast(speakers)
  cast.begin((reason) => {
    throw new Error(reason)
  })
  return cast
}

const reason = <A>(ask: Effect.Effect<A>) =>
  Effect.map(Effect.exit(ask), (exit) => Exit.isFailure(exit) ? String(Cause.squash(exit.cause)) : `got ${exit.value}`)

describe("The people of a deployment", () => {
  it.effect("are the first writer for anybody, and each asked for beside is another", () =>
    Effect.gen(function*() {
      const { begin, people } = castOf(all)
      assert.deepStrictEqual([yield* people.somebodyElse, yield* people.anybody, yield* people.anybody], [
        "bruno",
        "ana",
        "ana"
      ])
      assert.match(yield* reason(people.somebodyElse), /needs one more user: --other-token/)
      begin((why) => assert.fail(why))
      assert.strictEqual(yield* people.somebodyElse, "bruno")
      assert.strictEqual(yield* people.moderator, "mo")
    }))

  it.effect("leave a test out that needs more of them than there are, and say what is missing", () =>
    Effect.gen(function*() {
      const { people } = castOf(alone)
      assert.match(yield* reason(people.somebodyElse), /It needs a second user: --other-token\./)
      assert.match(yield* reason(people.moderator), /It needs a moderator: --moderator-token\./)
      assert.match(yield* reason(people.leaveOut("a reason")), /It needs a reason\./)
    }))

  it.effect("have tokens for what they may, and leave out what no token at hand shows", () =>
    Effect.gen(function*() {
      const { token } = castOf(all)
      assert.strictEqual(yield* token("ana", "openid comments:write"), "ana")
      assert.strictEqual(yield* token("ana", "openid profile"), "reading")
      assert.strictEqual(yield* token("ana", ""), "reading")
      assert.strictEqual(yield* token("bruno", "comments:write"), "bruno")
      assert.strictEqual(yield* token("mo", "comments:moderate"), "mo")
      const missing: ReadonlyArray<readonly [subject: string, scope: string, needs: RegExp]> = [
        ["user-1", "comments:write", /users of its own making/],
        ["bruno", "", /--reading-token/],
        ["ana", "comments:writer", /like ours/],
        ["ana", "comments:write comments:moderate", /not writing/],
        ["mo", "comments:write", /only writing/]
      ]
      for (const [subject, scope, needs] of missing) assert.match(yield* reason(token(subject, scope)), needs)
      assert.match(yield* reason(castOf(alone).token("ana", "")), /--reading-token/)
    }))
})

const jwt = (claims: object) =>
  ["{\"alg\":\"RS256\"}", JSON.stringify(claims), "x"].map((part) => Buffer.from(part).toString("base64url")).join(".")

describe("Tokens that are given to the smoke test", () => {
  const given = { others: [], reading: undefined, moderator: undefined }
  const ana = jwt({ sub: "ana|1", exp: 100 })

  it.effect("speak for their sub, whatever it is", () =>
    Effect.gen(function*() {
      const speakers = yield* readSpeakers({ ...given, token: ana, reading: jwt({ sub: "ana|1" }) }, 0)
      assert.deepStrictEqual(speakers.writers, [{ subject: "ana|1", token: ana }])
      assert.strictEqual(speakers.reader?.subject, "ana|1")
    }))

  it.effect("are refused by a sentence that names the flag and keeps the token to itself", () =>
    Effect.gen(function*() {
      const wrong = [
        [{ ...given, token: "abc" }, /^--token is no JSON Web Token\.$/],
        [{ ...given, token: jwt({ name: "ana" }) }, /^--token speaks for nobody/],
        [{ ...given, token: ana, others: [jwt({ sub: "b", exp: 1 })] }, /^--other-token ended at 1970-01-01T00:00:01/],
        [{ ...given, token: ana, others: [jwt({ sub: "ana|1" })] }, /must speak for somebody else/],
        [{ ...given, token: ana, moderator: jwt({ sub: "ana|1" }) }, /must speak for somebody else/],
        [{ ...given, token: ana, reading: jwt({ sub: "bruno" }) }, /^--reading-token must speak for the same sub/]
      ] as const
      for (const [tokens, sentence] of wrong) {
        const { message } = yield* Effect.flip(readSpeakers(tokens, 50_000))
        assert.match(message, sentence)
        assert.notInclude(message, "eyJ")
      }
    }))
})
