import type { Spread } from "../measure/spread.ts"

/** A number as tables show it: with as many digits as tell something. */
export const number = (value: number): string => {
  if (value === 0) return "0"
  const size = Math.abs(value)
  if (size >= 100) return Math.round(value).toLocaleString("en-US")
  return String(Number(value.toPrecision(3)))
}

export const whole = (value: number): string => Math.round(value).toLocaleString("en-US")
export const millis = (micros: number): string => (micros / 1000).toFixed(2)
export const percent = (share: number): string => `${Math.round(share * 100)}%`

/** The median, and in brackets the lowest and highest where they differ from it. */
export const spread = ({ max, median, min }: Spread, show: (value: number) => string = number): string =>
  show(min) === show(max) ? show(median) : `${show(median)} (${show(min)}-${show(max)})`

/** How many times: two digits behind the point where it is small. */
export const times = (value: number): string => value >= 100 ? whole(value) : value.toFixed(value >= 10 ? 1 : 2)
