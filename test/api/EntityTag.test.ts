import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Result } from "effect"
import { matchesWeakly, parseEntityTags } from "../../src/api/EntityTag.ts"
import { elementOf, integer, oneOf } from "../support/arbitraries.ts"

const parsed = (header: string) => Result.getOrElse(parseEntityTags(header), (failure) => failure)

const strong = (...opaques: ReadonlyArray<string>) => ({
  _tag: "Listed",
  tags: opaques.map((opaque) => ({ weak: false, opaque }))
})

describe("If-Match and If-None-Match", () => {
  it("may ask for any representation", () => {
    for (const header of ["*", " *\t"]) assert.deepStrictEqual<unknown>(parsed(header), { _tag: "Any" })
  })

  it("may list entity tags, strong and weak", () => {
    assert.deepStrictEqual<unknown>(parsed(`"3"`), strong("3"))
    assert.deepStrictEqual<unknown>(parsed(`"3", "4" ,\t"5"`), strong("3", "4", "5"))
    assert.deepStrictEqual<unknown>(parsed(`"3",W/"4"`), {
      _tag: "Listed",
      tags: [
        { weak: false, opaque: "3" },
        { weak: true, opaque: "4" }
      ]
    })
  })

  it("may list tags with commas, asterisks, backslashes and bytes beyond ASCII in them, and without anything", () => {
    assert.deepStrictEqual<unknown>(parsed(`"a,b", "*", "\\", "\u00FF", ""`), strong("a,b", "*", "\\", "\u00FF", ""))
  })

  it("may have empty elements in their list, and nothing but those (RFC 9110, section 5.6.1.2)", () => {
    assert.deepStrictEqual<unknown>(parsed(`, "3",, ,"4",`), strong("3", "4"))
    for (const header of ["", " ", ",", " ,\t,"]) assert.deepStrictEqual<unknown>(parsed(header), strong())
  })

  it.each([
    "3",
    "'3'",
    `"3`,
    `3"`,
    `w/"3"`,
    `W/3`,
    `W/ "3"`,
    `W/`,
    `"3" "4"`,
    `"3";"4"`,
    `"3"x`,
    `*, "3"`,
    `"3", *`,
    `*,`,
    `**`,
    `"a b"`,
    `"a"b"`,
    `"a\u007F"`,
    `"a\nb"`,
    `"\u0100"`,
    `${"\"3\",".repeat(50)}4`
  ])("can't be %s", (header) => assert.strictEqual(parsed(header), "malformed"))

  it("may be as long as headers are, wherever the white space is", () => {
    const long = " ".repeat(16_000)
    assert.deepStrictEqual<unknown>(parsed(`${long}"3"${long},${long}"4"${long}`), strong("3", "4"))
    assert.strictEqual(parsed(`"3"${long}"4"`), "malformed")
    assert.strictEqual(parsed(`"3"${" ,".repeat(8000)}4`), "malformed")
  })

  const characters = elementOf(`"`, "*", "W", "/", ",", " ", "\t", "3", "a", "\\", ";", "\u00E9")

  it.effect.prop(
    "are refused or listed, whatever somebody sends",
    [Arbitrary.array(characters, { maxLength: 12 })],
    ([all]) =>
      Effect.sync(() => {
        const outcome = parsed(all.join(""))
        assert.isTrue(outcome === "malformed" || outcome._tag === "Any" || outcome._tag === "Listed")
      })
  )

  const tag = Arbitrary.all({ weak: elementOf(false, true), opaque: elementOf("", "3", "a,b", "*", "W/", "\u00E9") })
  const separator = elementOf(",", ", ", " ,\t", ",,", " , ,")

  it.effect.prop(
    "are understood however their list is spaced",
    [Arbitrary.array(tag, { minLength: 1, maxLength: 6 }), separator, oneOf(elementOf("", " "), separator)],
    ([tags, separator, end]) =>
      Effect.sync(() => {
        const header = tags.map(({ opaque, weak }) => `${weak ? "W/" : ""}"${opaque}"`).join(separator)
        assert.deepStrictEqual<unknown>(parsed(`${end}${header}${end}`), { _tag: "Listed", tags })
      })
  )
})

describe("The weak comparison", () => {
  const matches = (header: string, quoted: string) =>
    Result.map(parseEntityTags(header), (tags) => matchesWeakly(tags, quoted))

  it.effect.prop(
    "finds a representation under a strong tag and under a weak one",
    [integer(1, 9)],
    ([version]) =>
      Effect.sync(() => {
        for (const header of ["*", `"${version}"`, `W/"${version}"`, `"x", W/"${version}"`]) {
          assert.deepStrictEqual(matches(header, `"${version}"`), Result.succeed(true))
        }
      })
  )

  it("finds nothing under other tags", () => {
    for (const header of [`"1"`, `"33"`, `"03"`, `W/"4", "5"`, ""]) {
      assert.deepStrictEqual(matches(header, `"3"`), Result.succeed(false))
    }
    assert.deepStrictEqual(matches(`"3", ""`, `"13"`), Result.succeed(false))
  })
})
