import type { Exchange } from "../history/History.ts"
import { promises, type Report } from "./promises.ts"
import type { Query } from "./requests.ts"

const isComment = ({ path }: Query): boolean => path[0] === "comments" && path.length === 2

// A comment's tag is its version, which says nothing without the comment; all others are told apart by their content alone.
const keyOf = (query: Query, etag: string): string =>
  isComment(query) ? `${query.path[1]?.toLowerCase()} ${etag}` : etag

/** Bodies by their tags. */
export class Tags {
  readonly #bodies = new Map<string, { readonly text: string; readonly body: unknown; readonly exchange: Exchange }>()

  constructor(queries: ReadonlyArray<Query>, report: Report) {
    const tags = new Map<string, { readonly etag: string; readonly exchange: Exchange }>()
    for (const query of queries) {
      const { exchange } = query
      const { answer } = exchange
      if (answer?.status !== 200) continue
      const etag = answer.headers["etag"]
      const text = JSON.stringify(answer.body)
      if (etag === undefined) {
        report(promises.tagOfContent, `no tag for ${text}`, exchange)
        continue
      }
      const other = tags.get(text)
      if (other !== undefined && other.etag !== etag) {
        report(promises.tagOfContent, `${etag} and ${other.etag} are tags of ${text}`, other.exchange, exchange)
      }
      tags.set(text, { etag, exchange })
      const known = this.#bodies.get(keyOf(query, etag))
      if (known !== undefined && known.text !== text) {
        report(promises.tagOfContent, `${etag} is the tag of ${known.text} and of ${text}`, known.exchange, exchange)
      }
      this.#bodies.set(keyOf(query, etag), { text, body: answer.body, exchange })
    }
  }

  /** What a tag stands for, if any answer told. */
  bodyOf(query: Query, etag: string): unknown {
    return this.#bodies.get(keyOf(query, etag))?.body
  }
}

/** "Nothing has changed" is told only to those who have what there is. */
export const checkNotModified = (queries: ReadonlyArray<Query>, report: Report): void => {
  for (const { exchange } of queries) {
    const { answer, request } = exchange
    if (answer === null || (answer.status !== 304 && answer.status !== 200)) continue
    const condition = request.headers["if-none-match"] ?? ""
    const etag = answer.headers["etag"] ?? ""
    const has = condition.trim() === "*" || condition.split(",").some((one) => one.trim().replace(/^W\//, "") === etag)
    if (has !== (answer.status === 304)) {
      report(promises.tagOfContent, `${answer.status} of ${etag} for ${JSON.stringify(condition)}`, exchange)
    }
  }
}
