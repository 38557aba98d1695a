import type { Spread } from "../measure/spread.ts"
import { number } from "../report/numbers.ts"
import type { BarPlot } from "../report/Section.ts"
import { linearScale, logScale } from "./scale.ts"
import { colourOf, element, label, legend, line, picture } from "./svg.ts"

const width = 820
const left = 250
const right = 90
const top = 62
const barHeight = 14
const gap = 16

const whisker = (bar: Spread, place: (value: number) => number, y: number): string =>
  bar.min === bar.max ? "" : line(left + place(bar.min), y, left + place(bar.max), y, "whisker") +
    [bar.min, bar.max].map((value) => line(left + place(value), y - 4, left + place(value), y + 4, "whisker")).join("")

/** Groups of bars, one below the other: medians, with whiskers from the lowest to the highest round. */
export const drawBars = ({ groups, sides, title, y: axis }: BarPlot): string => {
  const values = groups.flatMap(({ bars }) => bars.flatMap((bar) => bar === null ? [] : [bar.median, bar.min, bar.max]))
  const length = width - left - right
  const { place, ticks } = (axis.scale === "log" ? logScale : linearScale)(values, length)
  const groupHeight = sides.length * barHeight + gap
  const bottom = top + groups.length * groupHeight

  const grid = ticks.map((tick) => {
    const x = left + place(tick)
    return line(x, top - 6, x, bottom, "grid") + label(number(tick), x, bottom + 16, { "text-anchor": "middle" })
  })

  const drawn = groups.map((group, index) => {
    const from = top + index * groupHeight
    const bars = group.bars.map((bar, side) => {
      const y = from + side * barHeight
      if (bar === null) return label("not measured", left + 6, y + 11)
      const size = { x: left, y: y + 1, width: Math.max(1, place(bar.median)), height: barHeight - 2 }
      const end = left + place(Math.max(bar.median, bar.max)) + 6
      return element("rect", { ...size, fill: colourOf(side) }) + whisker(bar, place, y + barHeight / 2) +
        label(number(bar.median), end, y + 11)
    })
    const middle = from + (sides.length * barHeight) / 2 + 4
    return label(group.label, left - 10, middle, { "text-anchor": "end" }) + bars.join("")
  })

  return picture(title, width, bottom + 44, [
    ...(sides.length > 1 ? [legend(sides, 16, 44)] : []),
    ...grid,
    line(left, top - 6, left, bottom, "axis"),
    ...drawn,
    label(
      axis.scale === "log" ? `${axis.label} (logarithmic)` : axis.label,
      left + length / 2,
      bottom + 36,
      { "text-anchor": "middle" }
    )
  ])
}
