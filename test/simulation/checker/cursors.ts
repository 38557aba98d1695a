import { Predicate } from "effect"
import type { ReceivedAnswer } from "../history/History.ts"
import { pageIn } from "./answers.ts"
import { type List, listIn, nameOf, type Place } from "./lists.ts"
import { promises, type Report } from "./promises.ts"
import type { Query } from "./requests.ts"

/** What cursors stand for: they are opaque, but each was given out with the page that it leads on from. */
export class Cursors {
  readonly #places = new Map<string, Place>()

  constructor(queries: ReadonlyArray<Query>, report: Report) {
    for (const query of queries) {
      const list = listIn(query)
      const page = list === null ? null : pageIn(query.exchange.answer?.body)
      const last = page?.items.at(-1)
      if (list === null || page?.nextCursor === null || page?.nextCursor === undefined || last === undefined) continue
      const key = `${nameOf(list)} ${page.nextCursor}`
      const known = this.#places.get(key)
      if (known !== undefined && known.id !== last.id) {
        report(promises.cursorsLead, `${key} leads on from ${known.id} and from ${last.id}`, query.exchange)
      }
      this.#places.set(key, { createdAt: last.createdAt, id: last.id })
    }
  }

  /** Where a cursor leads on from in a list; undefined for one that was never given out for it. */
  placeIn(list: List, cursor: string): Place | undefined {
    return this.#places.get(`${nameOf(list)} ${cursor}`)
  }
}

const blamesCursor = ({ body, status }: ReceivedAnswer): boolean =>
  status === 400 && Predicate.hasProperty(body, "errors") && Array.isArray(body.errors) &&
  body.errors.some((error) => Predicate.hasProperty(error, "pointer") && error.pointer === "cursor")

/** A cursor is taken where it was given out, and refused everywhere else. */
export const checkCursors = (queries: ReadonlyArray<Query>, cursors: Cursors, report: Report): void => {
  for (const query of queries) {
    const list = listIn(query)
    const cursor = query.parameters.get("cursor")
    const { answer } = query.exchange
    if (list === null || cursor === null || answer === null) continue
    const isKnown = cursors.placeIn(list, cursor) !== undefined
    if (isKnown ? blamesCursor(answer) : answer.status === 200 || answer.status === 304) {
      report(promises.cursorsLead, `${answer.status} for the cursor ${cursor} in ${nameOf(list)}`, query.exchange)
    }
  }
}
