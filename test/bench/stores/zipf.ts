/** A number from 0 to 1, another each time; the same for the same seed. Mulberry32, which is in the public domain. */
export const seededNumbers = (seed: number): () => number => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Ranks from 0 by Zipf's law: rank n is drawn in proportion to 1 / (n + 1)^exponent. Answers for a number from 0 to 1.
 */
export const zipf = (count: number, exponent: number): (uniform: number) => number => {
  const upTo = new Float64Array(count)
  let sum = 0
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + 1) ** exponent
    upTo[rank] = sum
  }
  return (uniform) => {
    const wanted = uniform * sum
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((upTo[middle] ?? 0) > wanted) high = middle
      else low = middle + 1
    }
    return low
  }
}
