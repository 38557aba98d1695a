import { Option, Schema } from "effect"

/** An advisory that is known and doesn't matter here, for now. */
export interface Justified {
  /** Its name, `GHSA-…`. */
  readonly id: string
  /** Why it can be lived with: what of it is reachable, and by whom. */
  readonly why: string
  /** The last day of that, `YYYY-MM-DD`, in UTC. */
  readonly until: string
}

/** What an audit has come to. */
export type Verdict =
  /** Every advisory is justified, and every justification is needed. */
  | { readonly _tag: "Clean"; readonly packages: number; readonly justified: number }
  /** What must be done, a sentence each. */
  | { readonly _tag: "Refused"; readonly faults: ReadonlyArray<string> }
  /** The registry didn't say: nothing is known. */
  | { readonly _tag: "NotAudited"; readonly why: string }

// Version 2, since npm 7: https://docs.npmjs.com/cli/v11/commands/npm-audit
const Advisory = Schema.Struct({
  name: Schema.String,
  title: Schema.String,
  url: Schema.String,
  severity: Schema.String,
  range: Schema.String
})

const Report = Schema.fromJsonString(Schema.Struct({
  auditReportVersion: Schema.Literal(2),
  vulnerabilities: Schema.Record(
    Schema.String,
    // A vulnerability is an advisory's own, or comes by way of another package, which is named.
    Schema.Struct({ via: Schema.Array(Schema.Union([Advisory, Schema.String])) })
  ),
  metadata: Schema.Struct({ dependencies: Schema.Struct({ total: Schema.Int }) })
}))

// What npm's client says of a registry that refuses, or can't be reached. Its own errors have a code.
const Refusal = Schema.fromJsonString(Schema.Struct({
  message: Schema.String,
  error: Schema.Struct({ code: Schema.optionalKey(Schema.Never) })
}))

const readReport = Schema.decodeUnknownOption(Report)
const readRefusal = Schema.decodeUnknownOption(Refusal)

type Advisory = typeof Advisory.Type

const idOf = ({ url }: Advisory): string => url.replace(/^.*\//, "")

const faultsOf = (
  advisories: ReadonlyMap<string, Advisory>,
  justified: ReadonlyArray<Justified>,
  today: string
): ReadonlyArray<string> => [
  ...[...advisories].filter(([id]) => !justified.some((one) => one.id === id)).map(([id, one]) =>
    `${id} (${one.severity}): ${one.name} ${one.range}: ${one.title}. ${one.url}`
  ),
  ...justified.filter(({ id }) => !advisories.has(id)).map(({ id }) =>
    `${id} is justified, and nothing has it any more`
  ),
  ...justified.filter(({ id, until }) => advisories.has(id) && until < today).map(({ id, until }) =>
    `${id} was justified until ${until}: judge it again`
  )
]

/**
 * What an answer of `npm audit --json` means. An answer that can't be understood is a fault, not an audit that wasn't.
 *
 * @param today `YYYY-MM-DD`, in UTC
 */
export const judge = (answer: string, justified: ReadonlyArray<Justified>, today: string): Verdict => {
  const refusal = readRefusal(answer)
  if (Option.isSome(refusal)) return { _tag: "NotAudited", why: refusal.value.message }
  const report = readReport(answer)
  if (Option.isNone(report)) {
    return { _tag: "Refused", faults: [`npm audit says what can't be understood: ${answer.trim().slice(0, 500)}`] }
  }
  const advisories = new Map(
    Object.values(report.value.vulnerabilities).flatMap(({ via }) =>
      via.flatMap((one) => typeof one === "string" ? [] : [[idOf(one), one] as const])
    )
  )
  const faults = faultsOf(advisories, justified, today)
  if (faults.length > 0) return { _tag: "Refused", faults }
  return { _tag: "Clean", packages: report.value.metadata.dependencies.total, justified: justified.length }
}
