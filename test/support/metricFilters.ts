import { Schema } from "effect"
import { readTemplate } from "../infra/template.ts"
import { filterPattern, parseLine, selected } from "./filterPattern.ts"

const Ref = Schema.Struct({ Ref: Schema.String })

const Properties = Schema.Struct({
  LogGroupName: Ref,
  FilterPattern: Schema.String,
  MetricTransformations: Schema.Tuple([
    Schema.Struct({
      MetricNamespace: Schema.Struct({ "Fn::Sub": Schema.String }),
      MetricName: Schema.String,
      MetricValue: Schema.String.check(Schema.isPattern(/^\$\.annotations\.[A-Za-z]+$/)),
      Unit: Schema.String
    })
  ])
})
const decodeProperties = Schema.decodeUnknownSync(Properties, { onExcessProperty: "error" })

/** A metric filter of infra/observability.yaml. */
export interface MetricFilter {
  /** The parameter that names the log group that it reads. */
  readonly logGroup: string
  readonly metric: string
  readonly pattern: string
  /** Where the metric's value stands in a line. */
  readonly value: string
}

export const metricFilters: ReadonlyArray<MetricFilter> = Object.values(readTemplate("observability").Resources)
  .flatMap(
    ({ Properties, Type }) => {
      if (Type !== "AWS::Logs::MetricFilter") return []
      const { FilterPattern, LogGroupName, MetricTransformations: [{ MetricName, MetricValue }] } = decodeProperties(
        Properties
      )
      return [{ logGroup: LogGroupName.Ref, metric: MetricName, pattern: FilterPattern, value: MetricValue }]
    }
  )

/** What CloudWatch would make of the lines of a log group: the values that each metric gets. */
export const metricsOf = (logGroup: string, log: string): Readonly<Record<string, ReadonlyArray<unknown>>> => {
  const lines = log.split("\n")
  return Object.fromEntries(
    metricFilters.filter((filter) => filter.logGroup === logGroup).flatMap(({ metric, pattern, value }) => {
      const values = lines.filter(filterPattern(pattern)).map((line) => selected(parseLine(line), value))
      return values.length === 0 ? [] : [[metric, values]]
    })
  )
}
