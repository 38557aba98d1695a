import type { FinalRows, History } from "../history/History.ts"
import { equal } from "./equal.ts"
import type { Judged } from "./Judged.ts"
import type { Stream } from "./log.ts"
import { type Comment, isVisible } from "./model.ts"
import { type Promised, promises, type Report } from "./promises.ts"

const rowOf = ({ author, created, deleted, edited, id, picture, text, version }: Comment): FinalRow => ({
  id,
  picture,
  author,
  text,
  version,
  created,
  edited,
  deleted
})

interface FinalRow extends Omit<FinalRows["comments"][number], "picture" | "author"> {
  readonly picture: string
  readonly author: string
}

/** The version that the read model must have reached of each stream at the end. */
type Reached = (stream: Stream) => number

const sortedByVersion = <A extends { readonly version: number }>(rows: ReadonlyArray<A>): ReadonlyArray<A> =>
  rows.toSorted((one, other) => one.version - other.version)

const differ = (report: Report, broken: Promised, what: string, found: unknown, expected: unknown): void => {
  if (!equal(found, expected)) {
    report(
      broken,
      `${what} is ${JSON.stringify(found) ?? "missing"}, but the log says ${JSON.stringify(expected) ?? "nothing"}`
    )
  }
}

const checkRows = (
  streams: Judged["streams"],
  reached: Reached,
  rows: FinalRows,
  when: string,
  report: Report
): void => {
  const comments = Map.groupBy(rows.comments, ({ id }) => id)
  const history = Map.groupBy(rows.history, ({ id }) => id)
  for (const id of new Set([...streams.keys(), ...comments.keys(), ...history.keys()])) {
    const stream = streams.get(id)
    const version = stream === undefined ? 0 : reached(stream)
    const comment = stream?.comments[version]
    const expected = comment === undefined || version === 0 ? [] : [rowOf(comment)]
    differ(report, promises.rowsFold, `${when}, the row of ${id}`, comments.get(id) ?? [], expected)
    const events = (stream?.events ?? []).slice(0, version)
      .map(({ at, text, type, version }) => ({ id, version, type, at, text }))
    differ(
      report,
      promises.historyFolds,
      `${when}, the history of ${id}`,
      sortedByVersion(history.get(id) ?? []),
      events
    )
  }
}

const checkCounts = (
  counts: ReadonlyMap<string, number>,
  names: ReadonlyArray<string>,
  when: string,
  report: Report
): void => {
  const expected = new Map<string, number>()
  for (const name of names) expected.set(name, (expected.get(name) ?? 0) + 1)
  for (const name of new Set([...counts.keys(), ...expected.keys()])) {
    differ(report, promises.countsFold, `${when}, the count of ${name}`, counts.get(name) ?? 0, expected.get(name) ?? 0)
  }
}

const checkPositions = (
  streams: Judged["streams"],
  poisoned: History["poisoned"],
  reached: Reached,
  rows: FinalRows,
  when: string,
  report: Report
): void => {
  const broken = when === atTheEnd ? promises.parkedIsPoisoned : promises.noneParked
  const positions = new Map(rows.positions.map((position) => [position.stream, position]))
  for (const id of new Set([...streams.keys(), ...positions.keys(), ...poisoned.keys()])) {
    const stream = streams.get(id)
    const position = positions.get(id)
    differ(report, broken, `${when}, that ${id} is parked`, position?.parked ?? false, poisoned.has(id))
    const version = stream === undefined ? 0 : reached(stream)
    differ(report, promises.caughtUp, `${when}, the position of ${id}`, position?.version ?? 0, version)
  }
}

const atTheEnd = "at the end"

const nothingPoisoned: History["poisoned"] = new Map()

const checkAll = (
  { streams }: Judged,
  poisoned: History["poisoned"],
  rows: FinalRows,
  when: string,
  report: Report
): void => {
  const reached: Reached = ({ events, id }) => Math.min(events.length, (poisoned.get(id)?.version ?? Infinity) - 1)
  const visible = Array.from(streams.values())
    .flatMap((stream) => stream.comments[reached(stream)] ?? [])
    .filter(isVisible)
  checkRows(streams, reached, rows, when, report)
  checkCounts(rows.pictures, visible.map(({ picture }) => picture), `${when}, of pictures`, report)
  checkCounts(rows.authors, visible.map(({ author }) => author), `${when}, of authors`, report)
  checkPositions(streams, poisoned, reached, rows, when, report)
}

/** When the world has calmed down, the read model is the fold of the log, but for what can't be projected; then for all. */
export const checkConvergence = (judged: Judged, report: Report): void => {
  const { poisoned, rows, rowsAfterRedrive } = judged.history
  checkAll(judged, poisoned, rows, atTheEnd, report)
  if (rowsAfterRedrive !== null) checkAll(judged, nothingPoisoned, rowsAfterRedrive, "after redrive", report)
}
