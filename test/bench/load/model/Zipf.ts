import type { Chance } from "../../../simulation/kernel/Chance.ts"

/**
 * Zipf's law over so many things: the one at rank r (1 is the most popular) is asked for in proportion to 1 / r^exponent.
 * 0.8 is what caches before many users' browsers see, 0.99 what benchmarks of stores have made usual (YCSB).
 */
export class Zipf {
  readonly #upTo: Float64Array

  constructor(count: number, exponent: number) {
    this.#upTo = new Float64Array(count)
    let sum = 0
    for (let index = 0; index < count; index++) {
      sum += (index + 1) ** -exponent
      this.#upTo[index] = sum
    }
    for (let index = 0; index < count; index++) this.#upTo[index] = (this.#upTo[index] ?? 0) / sum
  }

  /** The part of all that falls on the `count` most popular. */
  shareOfFirst(count: number): number {
    return count < 1 ? 0 : this.#upTo[count - 1] ?? 1
  }

  /** An index, 0 for the most popular. */
  draw(chance: Chance): number {
    const wanted = chance.next()
    let [low, high] = [0, this.#upTo.length - 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#upTo[middle] ?? 1) > wanted) high = middle
      else low = middle + 1
    }
    return low
  }
}
