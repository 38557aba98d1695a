import type { Chance } from "../../../simulation/kernel/Chance.ts"

// Box and Muller's transform; 1 - next() is never 0.
const standardNormal = (chance: Chance): number =>
  Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next())

/** A log-normal distribution by its mean and the standard deviation of its logarithm. */
export class LogNormal {
  readonly #mu: number
  readonly #sigma: number

  constructor(mean: number, sigma: number) {
    this.#mu = Math.log(mean) - (sigma * sigma) / 2
    this.#sigma = sigma
  }

  get median(): number {
    return Math.exp(this.#mu)
  }

  draw(chance: Chance): number {
    return Math.exp(this.#mu + this.#sigma * standardNormal(chance))
  }

  /** A whole number: rounded up as often as keeps the mean. */
  drawWhole(chance: Chance): number {
    return Math.floor(this.draw(chance) + chance.next())
  }
}
