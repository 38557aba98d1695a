import { number } from "../report/numbers.ts"
import type { LinePlot } from "../report/Section.ts"
import { linearScale, logScale } from "./scale.ts"
import { colourOf, element, label, legend, line, picture } from "./svg.ts"

const width = 820
const height = 400
const left = 84
const right = 24
const top = 62
const bottom = 56

const axisLabel = ({ label, scale }: LinePlot["x"]): string => scale === "log" ? `${label} (logarithmic)` : label

/** Curves: medians as points on a line, with whiskers from the lowest to the highest round. */
export const drawLines = ({ series, title, x, y }: LinePlot): string => {
  const points = series.flatMap(({ points }) => points)
  const across = (x.scale === "log" ? logScale : linearScale)(points.map((point) => point.x), width - left - right)
  const ys = points.flatMap((point) => [point.y.median, point.y.min, point.y.max])
  const up = (y.scale === "log" ? logScale : linearScale)(ys, height - top - bottom)
  const placeX = (value: number): number => left + across.place(value)
  const placeY = (value: number): number => height - bottom - up.place(value)

  const curves = series.map(({ points }, index) => {
    const colour = colourOf(index)
    const corners = points.map((point) => `${placeX(point.x).toFixed(1)},${placeY(point.y.median).toFixed(1)}`)
    const marks = points.map((point) => {
      const at = placeX(point.x)
      const mark = element("circle", { cx: at, cy: placeY(point.y.median), r: 3.5, fill: colour })
      return point.y.min === point.y.max
        ? mark
        : line(at, placeY(point.y.min), at, placeY(point.y.max), "whisker") + mark
    })
    return element("polyline", { points: corners.join(" "), fill: "none", stroke: colour, "stroke-width": 2 }) +
      marks.join("")
  })

  return picture(title, width, height, [
    legend(series.map(({ label }) => label), 16, 44),
    ...across.ticks.map((tick) =>
      line(placeX(tick), top, placeX(tick), height - bottom, "grid") +
      label(number(tick), placeX(tick), height - bottom + 16, { "text-anchor": "middle" })
    ),
    ...up.ticks.map((tick) =>
      line(left, placeY(tick), width - right, placeY(tick), "grid") +
      label(number(tick), left - 8, placeY(tick) + 4, { "text-anchor": "end" })
    ),
    line(left, top, left, height - bottom, "axis"),
    line(left, height - bottom, width - right, height - bottom, "axis"),
    ...curves,
    label(axisLabel(x), (left + width - right) / 2, height - 14, { "text-anchor": "middle" }),
    label(axisLabel(y), 0, 0, {
      transform: `translate(18 ${(top + height - bottom) / 2}) rotate(-90)`,
      "text-anchor": "middle"
    })
  ])
}
