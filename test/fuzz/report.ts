import { Schema } from "effect"

const Finding = Schema.Struct({ name: Schema.String, status: Schema.String })

const Case = Schema.Struct({
  value: Schema.Struct({ method: Schema.String, path: Schema.String })
})

const Interaction = Schema.Struct({
  response: Schema.optionalKey(Schema.NullOr(Schema.Struct({ status_code: Schema.Int })))
})

/** What has been made of one operation, or of a way through several: each by the case's id. One that was left out has none. */
const Recorder = Schema.Struct({
  cases: Schema.optionalKey(Schema.Record(Schema.String, Case)),
  checks: Schema.optionalKey(Schema.Record(Schema.String, Schema.Array(Finding))),
  interactions: Schema.optionalKey(Schema.Record(Schema.String, Interaction))
})

const Event = Schema.Struct({
  ScenarioFinished: Schema.optionalKey(Schema.Struct({ phase: Schema.String, recorder: Recorder }))
})

const decodeEvent = Schema.decodeSync(Schema.fromJsonString(Event))

/** What was done to one operation, named as Schemathesis does: `GET /comments/{commentId}`. */
export interface Driven {
  readonly cases: number
  /** How many were answered with 2xx or 304. */
  readonly accepted: number
  /** The names of the checks that found something. */
  readonly failed: ReadonlySet<string>
}

/** What Schemathesis' own report comes to. */
export interface Tally {
  readonly cases: number
  readonly phases: ReadonlyMap<string, number>
  readonly operations: ReadonlyMap<string, Driven>
  /** The names of the checks that were made. */
  readonly checks: ReadonlySet<string>
  readonly statuses: ReadonlyMap<number, number>
}

export const nothing: Tally = {
  cases: 0,
  phases: new Map(),
  operations: new Map(),
  checks: new Set(),
  statuses: new Map()
}

const untouched: Driven = { cases: 0, accepted: 0, failed: new Set() }

const isAccepted = (status: number | undefined): boolean => status === 304 || Math.trunc((status ?? 0) / 100) === 2

/** Adds a line of the report, whose format is NDJSON. Throws where it is another than the one that is known here. */
export const addLine = (tally: Tally, line: string): Tally => {
  const { ScenarioFinished } = decodeEvent(line)
  if (ScenarioFinished === undefined) return tally
  const { phase, recorder: { cases = {}, checks = {}, interactions = {} } } = ScenarioFinished
  const made = Object.entries(cases)
  const operations = new Map(tally.operations)
  const statuses = new Map(tally.statuses)
  for (const [id, { value: { method, path } }] of made) {
    const label = `${method} ${path}`
    const { accepted, cases, failed } = operations.get(label) ?? untouched
    const status = interactions[id]?.response?.status_code
    const findings = (checks[id] ?? []).filter((one) => one.status === "failure").map(({ name }) => name)
    operations.set(label, {
      cases: cases + 1,
      accepted: accepted + (isAccepted(status) ? 1 : 0),
      failed: findings.length === 0 ? failed : new Set([...failed, ...findings])
    })
    if (status !== undefined) statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  return {
    cases: tally.cases + made.length,
    phases: new Map(tally.phases).set(phase, (tally.phases.get(phase) ?? 0) + made.length),
    operations,
    checks: new Set([...tally.checks, ...Object.values(checks).flat().map(({ name }) => name)]),
    statuses
  }
}
