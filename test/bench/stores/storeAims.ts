import { number, times } from "../report/numbers.ts"
import type { Aim } from "../report/Section.ts"
import type { DeliveryResult } from "./measureStores.ts"
import { type Consumed, meanOf } from "./unitReport.ts"

type Kind = "append" | "load"

const unitName = { append: "write units", load: "read units" } as const

const aimOf = (consumed: ReadonlyArray<Consumed>, index: number, kind: Kind): ReadonlyArray<Aim> => {
  const [ours, ...others] = consumed.flatMap(({ store, units }) => {
    const at = units[index]
    return at === undefined ? [] : [{ store, length: at.length, mean: meanOf(at[kind]) }]
  })
  const [best] = others.toSorted((one, other) => one.mean - other.mean)
  if (ours === undefined || best === undefined) return []
  const said = `${number(ours.mean)}, ${best.store} ${number(best.mean)}`
  const reached = ours.mean < best.mean
  const of = kind === "append" ? "an append after" : "a load of"
  return [{
    title: `DynamoDB: ${unitName[kind]} of ${of} ${ours.length.toLocaleString("en-US")} events, in the mean`,
    against: "the best of all others",
    aim: "fewer",
    measured: reached || ours.mean === best.mean
      ? `${said}: ${reached ? "fewer" : "level"}`
      : `${said}: ${times(ours.mean / best.mean)} times as many`,
    reached
  }]
}

/** Fewer capacity units than anybody else: an answer for each length, and level isn't fewer. */
export const unitAims = (consumed: ReadonlyArray<Consumed>): ReadonlyArray<Aim> =>
  (consumed[0]?.units ?? []).flatMap(({ length }, index) => [
    ...aimOf(consumed, index, "append"),
    ...(length === 0 ? [] : aimOf(consumed, index, "load"))
  ])

/** Nothing missing of what our consumers were to deliver, in any run. */
export const deliveryAims = (results: ReadonlyArray<DeliveryResult>): ReadonlyArray<Aim> =>
  Array.from(
    Map.groupBy(results.filter(({ store }) => store.startsWith("Marginalia")), ({ store }) => store),
    ([store, runs]): Aim => {
      const sum = (of: (run: DeliveryResult) => number): number => runs.reduce((before, run) => before + of(run), 0)
      const missing = sum(({ delivery }) => delivery.missing)
      const appended = sum(({ delivery }) => delivery.appended)
      return {
        title: `${store}: delivery of what 32 writers append`,
        against: null,
        aim: "nothing missing",
        measured: `${missing.toLocaleString("en-US")} of ${appended.toLocaleString("en-US")} missing`,
        reached: appended > 0 && missing === 0
      }
    }
  )
