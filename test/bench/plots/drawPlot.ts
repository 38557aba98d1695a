import type { Plot } from "../report/Section.ts"
import { drawBars } from "./bars.ts"
import { drawLines } from "./lines.ts"

/** A plot as SVG. */
export const drawPlot = (plot: Plot): string => {
  switch (plot._tag) {
    case "Bars":
      return drawBars(plot)
    case "Lines":
      return drawLines(plot)
  }
}
