import { Schema } from "effect"
import { medianOf, Spread, spreadOf } from "../measure/spread.ts"

/** One side of a comparison: what it gave in each round. */
export const Side = Schema.Struct({
  /** As the table and the plots name it, such as `Marginalia` or `Emmett`. */
  name: Schema.String,
  values: Schema.Array(Schema.Finite),
  spread: Spread
})
export type Side = typeof Side.Type

/** Several sides doing the same, each round in turn. The first side is ours, and every other is compared with it. */
export const Comparison = Schema.Struct({
  /** Unique in its section; of lower-case letters and hyphens. */
  name: Schema.String,
  title: Schema.String,
  /** Of all values, such as `requests/s` or `capacity units`. */
  unit: Schema.String,
  better: Schema.Literals(["higher", "lower"]),
  sides: Schema.Array(Side),
  /**
   * How many times better the first side did than each other, of each round: 2 is twice as good, whichever direction is
   * better. In the order of the other sides. What can't be divided (0 capacity units, say) is left out of the spread.
   */
  ratios: Schema.Array(Schema.Struct({ against: Schema.String, values: Schema.Array(Schema.Finite), spread: Spread })),
  /** The ratio that the project is after, and against whom; null where there is none. */
  aim: Schema.NullOr(Schema.Struct({ against: Schema.String, ratio: Schema.Finite })),
  /** Sentences that belong to this row. */
  notes: Schema.Array(Schema.String)
})
export type Comparison = typeof Comparison.Type

/** A table that isn't a comparison: cells are shown as they are. */
export const SectionTable = Schema.Struct({
  title: Schema.String,
  head: Schema.Array(Schema.String),
  rows: Schema.Array(Schema.Array(Schema.String))
})
export type SectionTable = typeof SectionTable.Type

const Axis = Schema.Struct({ label: Schema.String, scale: Schema.Literals(["linear", "log"]) })

/** Curves over a number; points in the order of x, with the lowest and highest of the rounds as whiskers. */
export const LinePlot = Schema.TaggedStruct("Lines", {
  /** The file's name, `<name>.svg`; unique in the whole report; of lower-case letters and hyphens. */
  name: Schema.String,
  title: Schema.String,
  x: Axis,
  y: Axis,
  series: Schema.Array(Schema.Struct({
    label: Schema.String,
    points: Schema.Array(Schema.Struct({ x: Schema.Finite, y: Spread }))
  }))
})
export type LinePlot = typeof LinePlot.Type

/** Bars in groups, one for each side, with the lowest and highest of the rounds as whiskers. A missing bar is null. */
export const BarPlot = Schema.TaggedStruct("Bars", {
  name: Schema.String,
  title: Schema.String,
  y: Axis,
  sides: Schema.Array(Schema.String),
  groups: Schema.Array(Schema.Struct({ label: Schema.String, bars: Schema.Array(Schema.NullOr(Spread)) }))
})
export type BarPlot = typeof BarPlot.Type

export const Plot = Schema.Union([LinePlot, BarPlot])
export type Plot = typeof Plot.Type

/** Something that the project is after which isn't the ratio of one row, in words: what, how far, and what came of it. */
export const Aim = Schema.Struct({
  title: Schema.String,
  /** Against whom, or null where it is about us alone. */
  against: Schema.NullOr(Schema.String),
  /** Such as `fewer` or `flat`. */
  aim: Schema.String,
  measured: Schema.String,
  reached: Schema.Boolean
})
export type Aim = typeof Aim.Type

/** A part of the report: measured, and described in its own words. */
export const Section = Schema.Struct({
  /** As `--sections` names it. */
  name: Schema.String,
  title: Schema.String,
  /** What was measured and how: paragraphs of Markdown. */
  text: Schema.Array(Schema.String),
  comparisons: Schema.Array(Comparison),
  tables: Schema.Array(SectionTable),
  plots: Schema.Array(Plot),
  /** Sentences after the tables: why something is as it is, also where it is bad. */
  notes: Schema.Array(Schema.String),
  /** Rows that could not be measured, and why, a sentence each. One is enough for the run to end with 1. */
  failures: Schema.Array(Schema.String),
  /** How often and how long it was measured. */
  windows: Schema.optionalKey(Schema.String),
  /** Aims beside those of the comparisons. */
  aims: Schema.optionalKey(Schema.Array(Aim))
})
export type Section = typeof Section.Type

/** What makes a comparison: each side's values, a round each, in the same order. */
export interface Compared extends Pick<Comparison, "name" | "title" | "unit" | "better" | "aim"> {
  readonly sides: ReadonlyArray<{ readonly name: string; readonly values: ReadonlyArray<number> }>
  readonly notes?: ReadonlyArray<string>
}

/** Sums up the rounds of a comparison; there is at least one, and as many of each side. */
export const compare = ({ aim, better, name, notes = [], sides, title, unit }: Compared): Comparison => {
  const [ours, ...others] = sides
  const ratios = others.map((other) => {
    const values = other.values.flatMap((theirs, round) => {
      const own = ours?.values[round] ?? Number.NaN
      const ratio = better === "higher" ? own / theirs : theirs / own
      return Number.isFinite(ratio) ? [ratio] : []
    })
    return {
      against: other.name,
      values,
      spread: values.length === 0 ? { median: 0, min: 0, max: 0 } : spreadOf(values)
    }
  })
  return {
    name,
    title,
    unit,
    better,
    aim,
    notes,
    ratios,
    sides: sides.map((side) => ({ name: side.name, values: side.values, spread: spreadOf(side.values) }))
  }
}

/** Whether the median of the ratios has reached the aim; null if there is no aim. */
export const hasReached = ({ aim, ratios }: Comparison): boolean | null => {
  if (aim === null) return null
  const values = ratios.find(({ against }) => against === aim.against)?.values ?? []
  return medianOf(values) >= aim.ratio
}
