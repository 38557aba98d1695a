import * as Result from "effect/Result"

/** An entity tag of RFC 9110, section 8.8.3: the opaque part without its quotes. */
export interface EntityTag {
  readonly weak: boolean
  readonly opaque: string
}

/** What `If-Match` and `If-None-Match` carry: any representation at all, or one of a list. */
export type EntityTags = { readonly _tag: "Any" } | { readonly _tag: "Listed"; readonly tags: ReadonlyArray<EntityTag> }

const etag = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/y
const separator = /[ \t]*,[ \t,]*/y

/** Parses `*` or a comma-separated list of entity tags (RFC 9110, section 13.1). Fails on anything else. */
export const parseEntityTags = (header: string): Result.Result<EntityTags, "malformed"> => {
  const value = header.replace(/^[ \t,]+|[ \t,]+$/g, "")
  if (value === "*") return header.includes(",") ? Result.fail("malformed") : Result.succeed({ _tag: "Any" })
  const tags: Array<EntityTag> = []
  let at = 0
  while (at < value.length) {
    if (tags.length > 0) {
      separator.lastIndex = at
      if (separator.exec(value) === null) return Result.fail("malformed")
      at = separator.lastIndex
    }
    etag.lastIndex = at
    const found = etag.exec(value)
    if (found === null) return Result.fail("malformed")
    tags.push({ weak: found[1] !== undefined, opaque: found[2] ?? "" })
    at = etag.lastIndex
  }
  return tags.length === 0 ? Result.fail("malformed") : Result.succeed({ _tag: "Listed", tags })
}

/** Whether a representation with this strong tag (quoted) is one that the client has: the weak comparison of RFC 9110, 8.8.3.2. */
export const matchesWeakly = (tags: EntityTags, quoted: string): boolean =>
  tags._tag === "Any" || tags.tags.some(({ opaque }) => `"${opaque}"` === quoted)
