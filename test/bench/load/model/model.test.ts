import { assert, describe, it } from "@effect/vitest"
import { parseText } from "../../../../src/domain/CommentText.ts"
import { Chance } from "../../../simulation/kernel/Chance.ts"
import { medianOf } from "../../measure/spread.ts"
import { LogNormal } from "./LogNormal.ts"
import { drawsWrite, edgeMix, storeMix } from "./mixes.ts"
import { plantedThreads, threadsOf } from "./Site.ts"
import { Texts } from "./texts.ts"
import { Zipf } from "./Zipf.ts"

const many = 100_000
const drawn = <A>(count: number, draw: () => A): ReadonlyArray<A> => Array.from({ length: count }, draw)
const mean = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + value, 0) / values.length
const shareOf = <A>(values: ReadonlyArray<A>, which: (value: A) => boolean): number =>
  values.filter(which).length / values.length

describe("Zipf", () => {
  for (const exponent of [0.8, 0.99]) {
    it(`draws each rank in proportion to its power of ${exponent}`, () => {
      const zipf = new Zipf(1000, exponent)
      const chance = new Chance("zipf")
      const ranks = drawn(many, () => zipf.draw(chance))
      const weights = Array.from({ length: 1000 }, (_, index) => (index + 1) ** -exponent)
      const whole = weights.reduce((sum, weight) => sum + weight, 0)
      for (const index of [0, 1, 9, 99]) {
        const expected = (weights[index] ?? 0) / whole
        assert.closeTo(shareOf(ranks, (rank) => rank === index), expected, 4 * Math.sqrt(expected / many))
      }
      assert.closeTo(shareOf(ranks, (rank) => rank < 10), zipf.shareOfFirst(10), 0.01)
      assert.isTrue(ranks.every((rank) => rank >= 0 && rank < 1000))
    })
  }

  it("gives the most popular tenth more with a larger exponent, and everything to everybody", () => {
    assert.isAbove(new Zipf(1000, 0.99).shareOfFirst(100), new Zipf(1000, 0.8).shareOfFirst(100))
    assert.strictEqual(new Zipf(1000, 0.8).shareOfFirst(1000), 1)
    assert.strictEqual(new Zipf(1000, 0.8).shareOfFirst(0), 0)
  })
})

describe("LogNormal", () => {
  it("has the mean and the median that it is said to have", () => {
    const chance = new Chance("log-normal")
    const narrow = new LogNormal(7, 0.5)
    const values = drawn(many, () => narrow.draw(chance))
    assert.closeTo(mean(values), 7, 0.1)
    assert.closeTo(medianOf(values), 7 * Math.exp(-0.125), 0.1)
  })

  it("keeps its logarithm's deviation also where the tail is heavy", () => {
    const chance = new Chance("heavy")
    const logs = drawn(many, () => Math.log(new LogNormal(7, 2).draw(chance)))
    const centre = mean(logs)
    assert.closeTo(centre, Math.log(7) - 2, 0.03)
    assert.closeTo(Math.sqrt(mean(logs.map((value) => (value - centre) ** 2))), 2, 0.03)
  })

  it("gives whole numbers of the same mean", () => {
    const chance = new Chance("whole")
    const narrow = new LogNormal(2, 0.5)
    const values = drawn(many, () => narrow.drawWhole(chance))
    assert.isTrue(values.every(Number.isInteger))
    assert.closeTo(mean(values), 2, 0.03)
  })
})

describe("threadsOf", () => {
  const threads = threadsOf({ pictures: many, planted: plantedThreads }, "site")

  it("leaves half of the pictures with one comment or none, and gives seven to a picture in the mean", () => {
    const others = threads.filter((_, index) => !plantedThreads.some(({ rank }) => rank === index + 1))
    assert.isAtMost(medianOf(others), 1)
    assert.isAbove(shareOf(others, (length) => length > 0), 0.45)
    // Of a tail as heavy as this one, even 100,000 pictures tell the mean no closer.
    assert.closeTo(mean(others), 7, 1)
    assert.isAbove(Math.max(...others), 1000)
  })

  it("plants the long threads at their ranks", () => {
    assert.deepStrictEqual(plantedThreads.map(({ rank }) => threads[rank - 1]), [2200, 33_000])
  })

  it("is the same for the same seed, and another for another", () => {
    const size = { pictures: 200, planted: [] }
    assert.deepStrictEqual(threadsOf(size, "a"), threadsOf(size, "a"))
    assert.notDeepEqual(threadsOf(size, "a"), threadsOf(size, "b"))
  })
})

describe("Texts", () => {
  const texts = new Texts()
  const chance = new Chance("texts")
  const some = drawn(3000, () => texts.of(chance))

  it("are about 58 characters long, short ones being many", () => {
    const lengths = some.map((text) => Array.from(text).length)
    assert.closeTo(mean(lengths), 58, 3)
    assert.isBelow(medianOf(lengths), 54)
    assert.isAbove(Math.max(...lengths), 200)
  })

  it("are in several scripts", () => {
    const scripts = [
      /\p{Script=Latin}/u,
      /\p{Script=Cyrillic}/u,
      /\p{Script=Greek}/u,
      /\p{Script=Arabic}/u,
      /\p{Script=Hebrew}/u,
      /\p{Script=Han}/u,
      /\p{Script=Hiragana}/u,
      /\p{Script=Hangul}/u,
      /\p{Script=Devanagari}/u,
      /\p{Emoji_Presentation}/u
    ]
    for (const script of scripts) assert.isAbove(shareOf(some, (text) => script.test(text)), 0.01, String(script))
  })

  it("are accepted as comments, and mostly not the same twice", () => {
    for (const text of some) assert.strictEqual(parseText(text)._tag, "Success", text)
    assert.isAbove(new Set(some).size, some.length * 0.7)
  })

  it("are the same for the same chance", () => {
    assert.strictEqual(texts.of(new Chance("one")), texts.of(new Chance("one")))
  })
})

describe("drawsWrite", () => {
  it("writes as often as the mix says", () => {
    const chance = new Chance("mix")
    assert.closeTo(shareOf(drawn(many, () => drawsWrite(chance, edgeMix)), (is) => is), 1 / 101, 0.002)
    assert.closeTo(shareOf(drawn(many, () => drawsWrite(chance, storeMix)), (is) => is), 0.3, 0.01)
  })
})
