/** From values to places along an axis, with the values that are written beside it. */
export interface Scale {
  readonly place: (value: number) => number
  readonly ticks: ReadonlyArray<number>
}

const nice = [1, 2, 5, 10]

// A step of 1, 2 or 5 times a power of ten, so that there are about so many.
const stepFor = (extent: number, count: number): number => {
  const rough = extent / count
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * (nice.find((factor) => factor * power >= rough) ?? 10)
}

/** A linear scale from 0, or from below it, up to a round number, over `length`. */
export const linearScale = (values: ReadonlyArray<number>, length: number): Scale => {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  const step = stepFor(high - low || 1, 5)
  const [first, last] = [Math.floor(low / step), Math.max(1, Math.ceil(high / step - 1e-9))]
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
  return { ticks, place: (value) => ((value - first * step) / ((last - first) * step)) * length }
}

const isRound = (value: number, factors: ReadonlyArray<number>): boolean =>
  factors.includes(Number((value / 10 ** Math.floor(Math.log10(value) + 1e-9)).toPrecision(6)))

/** A logarithmic scale that ends at 1, 2 or 5 times a power of ten on both sides. What isn't above 0 lies at its beginning. */
export const logScale = (values: ReadonlyArray<number>, length: number): Scale => {
  const positive = values.filter((value) => value > 0)
  const [low, high] = positive.length === 0 ? [1, 10] : [Math.min(...positive), Math.max(...positive)]
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 2 },
    (_, index) => 10 ** (Math.floor(Math.log10(low)) + index)
  )
  const candidates = powers.flatMap((power) => [1, 2, 5].map((factor) => Number((factor * power).toPrecision(6))))
  const from = candidates.findLast((value) => value <= low) ?? low
  const to = candidates.find((value) => value >= high && value > from) ?? high
  const within = candidates.filter((value) => value >= from && value <= to)
  const decades = Math.log10(to / from)
  const factors = decades >= 3 ? [1] : decades > 2 ? [1, 5] : [1, 2, 5]
  const tens = within.filter((value) => isRound(value, factors))
  return {
    ticks: tens.length < 2 ? [from, to] : tens,
    place: (value) => value <= from ? 0 : (Math.log10(value / from) / decades) * length
  }
}
