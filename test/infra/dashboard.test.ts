import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { metricFilters } from "../support/metricFilters.ts"
import { evaluator, isObject } from "./intrinsics.ts"
import { readTemplate } from "./template.ts"

const template = readTemplate("observability")
const resources = Object.entries(template.Resources)
const alarms = resources.filter(([, { Type }]) => Type === "AWS::CloudWatch::Alarm")

const Place = { x: Schema.Int, y: Schema.Int, width: Schema.Int, height: Schema.Int }

const Graph = Schema.Struct({
  ...Place,
  type: Schema.Literal("metric"),
  properties: Schema.Struct({
    title: Schema.String,
    region: Schema.String,
    metrics: Schema.NonEmptyArray(Schema.Array(Schema.Json))
  })
})
const Alarms = Schema.Struct({
  ...Place,
  type: Schema.Literal("alarm"),
  properties: Schema.Struct({ title: Schema.String, alarms: Schema.Array(Schema.String) })
})
const Log = Schema.Struct({
  ...Place,
  type: Schema.Literal("log"),
  properties: Schema.Struct({ title: Schema.String, query: Schema.String })
})
const Body = Schema.fromJsonString(
  Schema.Struct({ widgets: Schema.Array(Schema.Union([Graph, Alarms, Log])) })
)
const decodeBody = Schema.decodeUnknownSync(Body)

/** The dashboard as it is on an account with an Aurora cluster, or with one instance. */
const dashboardOn = (kind: "aurora" | "instance") => {
  const { evaluate, truth } = evaluator({
    ref: (name) => name === "DatabaseKind" ? kind : `the-${name}`,
    attribute: (resource, attribute) => `arn:of:${resource}:${attribute}`,
    condition: (name) => truth(template.Conditions?.[name] ?? null),
    mapping: () => assert.fail("there are no mappings")
  })
  return decodeBody(evaluate(template.Resources["Dashboard"]?.Properties?.["DashboardBody"] ?? null)).widgets
}

const widgets = dashboardOn("instance")
const graphs = widgets.flatMap((widget) => (widget.type === "metric" ? [widget] : []))
const namesIn = (graph: typeof graphs[number]) => graph.properties.metrics.map(([, name]) => name)

describe("The dashboard", () => {
  it("is a document that CloudWatch can read, with the lag in its middle", () => {
    const lag = graphs.find((graph) => namesIn(graph).includes("ProjectionLag")) ?? assert.fail("there is no lag")
    assert.strictEqual(lag.x + lag.width / 2, 12)
    const beside = graphs.filter(({ y }) => y === lag.y).toSorted((one, other) => one.x - other.x)
    assert.deepStrictEqual(beside.map(({ properties }) => properties.title.slice(0, 7)), [
      "Command",
      "Lag: fr",
      "Queries"
    ])
  })

  it("has its widgets beside each other, none over another", () => {
    for (const one of widgets) {
      assert.isAtMost(one.x + one.width, 24)
      for (const other of widgets) {
        if (one === other) continue
        const isApart = one.x + one.width <= other.x || other.x + other.width <= one.x ||
          one.y + one.height <= other.y || other.y + other.height <= one.y
        assert.isTrue(isApart, `${one.properties.title} and ${other.properties.title}`)
      }
    }
  })

  it("shows every alarm, and every metric that is made of log lines, by the name that its filter gives it", () => {
    const shown = widgets.flatMap((widget) => (widget.type === "alarm" ? widget.properties.alarms : []))
    assert.sameMembers(shown, alarms.map(([name]) => `arn:of:${name}:Arn`))
    const own = graphs.flatMap(({ properties }) =>
      properties.metrics.flatMap(([namespace, name]) => namespace === "Marginalia/the-AWS::StackName" ? [name] : [])
    )
    assert.sameMembers(Array.from(new Set(own)), metricFilters.map(({ metric }) => metric))
  })

  it("asks for the database as CloudWatch knows it", () => {
    const asked = (kind: "aurora" | "instance") =>
      JSON.stringify(dashboardOn(kind)).match(/DB(?:Cluster|Instance)Identifier/g)
    assert.deepStrictEqual(asked("aurora"), ["DBClusterIdentifier", "DBClusterIdentifier"])
    assert.deepStrictEqual(asked("instance"), ["DBInstanceIdentifier", "DBInstanceIdentifier"])
  })
})

describe("The alarms", () => {
  it("say what to do first, and what missing data means, and reach somebody", () => {
    assert.isNotEmpty(alarms)
    for (const [name, { Properties = {} }] of alarms) {
      assert.match(JSON.stringify(Properties["AlarmDescription"]), /Marginalia \$\{Environment\}: .* First: /, name)
      assert.include(["notBreaching", "breaching", "ignore"], Properties["TreatMissingData"], name)
      assert.deepStrictEqual(Properties["AlarmActions"], [{ Ref: "AlarmTopic" }], name)
    }
  })

  it("watch metrics of the deployment's own only where a filter makes them", () => {
    const watched = alarms.flatMap(([, { Properties = {} }]) => {
      const queries = Array.isArray(Properties["Metrics"]) ? Properties["Metrics"] : []
      const metrics = queries.flatMap((query) =>
        isObject(query) && isObject(query["MetricStat"]) ? [query["MetricStat"]["Metric"] ?? null] : []
      )
      return [Properties, ...metrics].flatMap((metric) =>
        isObject(metric) && JSON.stringify(metric["Namespace"])?.includes("Marginalia/") ? [metric["MetricName"]] : []
      )
    })
    assert.sameMembers(watched, [
      "ProjectionLag",
      "ParkedStreams",
      "PendingCommandAge",
      "CacheErrors",
      "InvalidationsFailed",
      "CommandLimitFailures",
      "QueryLimitFailures"
    ])
    for (const name of watched) assert.include(metricFilters.map(({ metric }) => metric), name)
  })
})
