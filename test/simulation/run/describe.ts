import type { Violation } from "../history/Violation.ts"
import type { Step } from "../kernel/Journal.ts"
import { type Plan, planOf, usualOperations } from "./Plan.ts"

const most = 10

/** Violations, one to a line, the first of them. */
export const describeViolations = (violations: ReadonlyArray<Violation>): string => {
  const lines = violations.slice(0, most).map(({ detail, exchanges, promise, rule }) =>
    `  rule ${rule}: ${promise}\n    ${detail}${
      exchanges.length === 0 ? "" : `\n    exchanges ${exchanges.join(", ")}`
    }`
  )
  const others = violations.length - lines.length
  return [...lines, ...(others > 0 ? [`  and ${others} more`] : [])].join("\n")
}

/** A step as a line: its tick, the time since the first one in milliseconds, who did what. */
export const describeStep = (began: number) => ({ actor, at, tick, what }: Step): string =>
  `${String(tick).padStart(6)} ${String(at - began).padStart(7)} ${actor}: ${what}`

const isWhole = ({ faults, incidents, operations, seed }: Plan): boolean => {
  const whole = planOf(seed, operations)
  return whole.faults.size === faults.size && whole.incidents.size === incidents.size
}

const kept = ({ dropped, operations }: Plan): string =>
  Array.from({ length: operations }, (_, number) => number).filter((number) => !dropped.has(number)).join(",") || "none"

/** The arguments under which `npm run simulate` runs exactly this plan. */
export const argumentsOf = (plan: Plan): string => {
  const kinds = [...plan.faults, ...plan.incidents]
  return [
    `--seed ${plan.seed}`,
    ...(plan.operations === usualOperations ? [] : [`--operations ${plan.operations}`]),
    ...(isWhole(plan) ? [] : kinds.length === 0 ? ["--calm"] : kinds.map((kind) => `--with ${JSON.stringify(kind)}`)),
    ...(plan.dropped.size === 0 ? [] : [`--keep ${kept(plan)}`])
  ].join(" ")
}
