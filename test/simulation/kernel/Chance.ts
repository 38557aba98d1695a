// FNV-1a with a final mix, so that names which differ little give numbers which differ much.
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/**
 * Chance that a seed decides. What one draws says nothing about what its forks draw: whoever has a fork of its own gets the
 * same however often others draw, so that a run from which something is left out stays the same otherwise.
 */
export class Chance {
  readonly name: string
  #state: number

  constructor(name: string) {
    this.name = name
    this.#state = hash(name)
  }

  fork(name: string | number): Chance {
    return new Chance(`${this.name}/${name}`)
  }

  /** From 0 up to 1, without 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number, both ends included. */
  integer(minimum: number, maximum: number): number {
    return minimum + Math.floor(this.next() * (maximum - minimum + 1))
  }

  happens(probability: number): boolean {
    return this.next() < probability
  }

  pick<A>(values: readonly [A, ...ReadonlyArray<A>]): A {
    return values[this.integer(0, values.length - 1)] ?? values[0]
  }

  shuffled<A>(values: ReadonlyArray<A>): ReadonlyArray<A> {
    return values
      .map((value) => ({ value, place: this.next() }))
      .toSorted((one, other) => one.place - other.place)
      .map(({ value }) => value)
  }
}
