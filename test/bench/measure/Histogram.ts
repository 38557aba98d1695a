// Times below 2,048 µs are counted exactly; above, each power of two is cut into 1,024 pieces, so that what is read back
// is at most 0.1 % too small.
const exact = 2048
const pieces = 1024
const powers = 26

const slotOf = (micros: number): number => {
  if (micros < exact) return micros
  const power = Math.min(31 - Math.clz32(micros), powers)
  return exact + (power - 11) * pieces + ((micros >>> (power - 10)) - pieces)
}

const lowestIn = (slot: number): number => {
  if (slot < exact) return slot
  const power = 11 + Math.floor((slot - exact) / pieces)
  return (pieces + ((slot - exact) % pieces)) * 2 ** (power - 10)
}

/** Counts latencies in µs, up to 134 s, in a fixed amount of memory; recording one allocates nothing. */
export class Histogram {
  readonly #counts = new Uint32Array(exact + (powers - 10) * pieces)
  #count = 0
  #largest = 0

  /** `micros` is cut to a whole number. */
  record(micros: number): void {
    const whole = Math.min(Math.max(0, Math.trunc(micros)), 2 ** (powers + 1) - 1)
    const slot = slotOf(whole)
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1
    this.#count++
    if (whole > this.#largest) this.#largest = whole
  }

  get count(): number {
    return this.#count
  }

  /** The largest that was recorded; 0 if nothing was. */
  get largest(): number {
    return this.#largest
  }

  /** The smallest time that at least the given share (0 to 1) of all took no longer than; 0 if nothing was recorded. */
  quantile(share: number): number {
    const wanted = Math.max(1, Math.ceil(share * this.#count))
    let seen = 0
    for (let slot = 0; slot < this.#counts.length; slot++) {
      seen += this.#counts[slot] ?? 0
      if (seen >= wanted) return lowestIn(slot)
    }
    return this.#largest
  }
}
