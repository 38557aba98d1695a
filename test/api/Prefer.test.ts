import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { defaultWaitSeconds, maxWaitSeconds, preferredWaitSeconds, prefersAsync } from "../../src/api/Prefer.ts"
import { integer, typedText } from "../support/arbitraries.ts"

describe("Prefer: wait", () => {
  it("says how long to wait, in seconds", () => {
    for (const seconds of [0, 1, 5, 10]) assert.strictEqual(preferredWaitSeconds(`wait=${seconds}`), seconds)
  })

  it("is 2 seconds where nothing is preferred", () => {
    assert.strictEqual(defaultWaitSeconds, 2)
    for (const header of [undefined, "", "respond-async", "return=minimal, handling=lenient"]) {
      assert.strictEqual(preferredWaitSeconds(header), 2)
    }
  })

  it.effect.prop(
    "is cut to 10 seconds, however many are wished for",
    [integer(10, Number.MAX_SAFE_INTEGER)],
    ([seconds]) => Effect.sync(() => assert.strictEqual(preferredWaitSeconds(`wait=${seconds}`), maxWaitSeconds))
  )

  it("is cut to 10 seconds, however many digits the wish has", () => {
    assert.strictEqual(preferredWaitSeconds(`wait=1${"0".repeat(400)}`), 10)
    assert.strictEqual(preferredWaitSeconds("wait=0007"), 7)
  })

  it.each([
    "WAIT=7",
    `wait="7"`,
    " wait = 7 ",
    "respond-async, wait=7",
    "respond-async,wait=7,return=minimal",
    "wait=7; priority=high",
    "wait=7, wait=9",
    `return="a b", wait=7`,
    `x="a, wait=1", wait=7`,
    `x="a\\", wait=1", wait=7`,
    "wait=7, x=\"no end, wait=1"
  ])("is found in %s", (header) => assert.strictEqual(preferredWaitSeconds(header), 7))

  it.each([
    "wait",
    "wait=",
    "wait=-1",
    "wait=1.5",
    "wait=7s",
    "wait=7 8",
    `wait="7`,
    "wait=seven",
    "await=7",
    "wait-for=7",
    "respond-async; wait=7",
    "x=wait=7",
    `x="a, wait=7, b"`,
    `x="no end, wait=7`
  ])("is ignored in %s", (header) => assert.strictEqual(preferredWaitSeconds(header), 2))

  it.effect.prop("is between 0 and 10 seconds, whatever somebody sends", [typedText], ([text]) =>
    Effect.sync(() => {
      for (const header of [text, `wait=${text}`, `wait=3${text}`]) {
        const seconds = preferredWaitSeconds(header)
        assert.isTrue(Number.isInteger(seconds) && seconds >= 0 && seconds <= 10)
      }
    }))
})

describe("Prefer: respond-async", () => {
  it.each([
    "respond-async",
    "RESPOND-Async",
    " respond-async ",
    "respond-async, wait=5",
    "return=minimal,respond-async",
    "respond-async;a=b",
    "respond-async; a=\"x, y\"; b",
    "respond-async=\"\"",
    "x=\"a, b\", respond-async",
    "wait=x y, respond-async"
  ])("is found in %s", (header) => assert.isTrue(prefersAsync(header)))

  it.each([
    "",
    "wait=5",
    "respond-async=1",
    "respond-async=\"1\"",
    "respond-asynchronously",
    "no-respond-async",
    "respond async",
    "return=minimal; respond-async",
    "return=respond-async",
    "x=\"a, respond-async, b\"",
    "x=\"no end, respond-async"
  ])("isn't in %s", (header) => assert.isFalse(prefersAsync(header)))

  it("isn't where nothing is preferred", () => assert.isFalse(prefersAsync(undefined)))

  it.effect.prop("is read to its end, whatever somebody sends", [typedText], ([text]) =>
    Effect.sync(() => {
      for (const header of [text, `"${text}`, `x="${text}", respond-async`]) assert.isBoolean(prefersAsync(header))
    }))

  it("takes no longer for a header that was made to take long", () => {
    // If one took quadratic time, this would take minutes.
    for (const part of ["\"\\", " ", "a ", "\"", "\\", "a=\"", "a;", ",", "a=b c"]) {
      assert.isFalse(prefersAsync(`a${part.repeat(1_000_000)}=b`))
    }
  })
})
