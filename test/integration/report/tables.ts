import { complaintsOf, type Outcome } from "../scenarios/Outcome.ts"
import { errors, mebibytes, percent, recoveries, seconds, together } from "./figures.ts"
import { table } from "./markdown.ts"

const verdict = (outcome: Outcome): string => {
  const { length } = complaintsOf(outcome)
  return length === 0 ? "all kept" : `**${length} broken**`
}

/** One row for each scenario. */
export const overview = (outcomes: ReadonlyArray<Outcome>): string =>
  table([
    ["fault", "requests", "answered", "meanwhile", "recovered after", "converged after", "commits", "promises"],
    ...outcomes.map((outcome) => {
      const { availability, commits, convergedIn, recoveries: all, title } = outcome
      const whole = together(availability.map(({ all }) => all))
      return [
        title,
        String(whole.requests),
        percent(whole),
        percent(together(availability.map(({ meanwhile }) => meanwhile))),
        recoveries(all),
        convergedIn === null ? "**never**" : seconds(convergedIn),
        String(commits),
        verdict(outcome)
      ]
    })
  ])

/** What each kind of user saw in one scenario. */
export const usersOf = ({ availability }: Outcome): string =>
  table([
    ["user", "requests", "answered", "sent meanwhile", "answered", "errors", "recovered after", "slowest"],
    ...availability.map(({ all, errors: failed, kind, meanwhile, recoveries: each, slowest }) => [
      kind,
      String(all.requests),
      percent(all),
      String(meanwhile.requests),
      percent(meanwhile),
      errors(failed),
      recoveries(each),
      seconds(slowest)
    ])
  ])

/** What each program had in memory before the first scenario and after each; one that is new since then has a star. */
export const memory = (outcomes: ReadonlyArray<Outcome>): string => {
  const names = outcomes[0]?.memory.before.map(({ program }) => program) ?? []
  return table([
    ["after", ...names],
    ["the start", ...(outcomes[0]?.memory.before ?? []).map(({ residentBytes }) => mebibytes(residentBytes))],
    ...outcomes.map(({ memory: { after, before }, name }) => [
      name,
      ...after.map(({ pid, residentBytes }) =>
        `${mebibytes(residentBytes)}${before.some((one) => one.pid === pid) ? "" : " *"}`
      )
    ])
  ])
}
