import * as Result from "effect/Result"

/** An entity tag of RFC 9110, section 8.8.3: the opaque part without its quotes. */
export interface EntityTag {
  readonly weak: boolean
  readonly opaque: string
}

/** What `If-Match` and `If-None-Match` carry: any representation at all, or one of a list. */
export type EntityTags = { readonly _tag: "Any" } | { readonly _tag: "Listed"; readonly tags: ReadonlyArray<EntityTag> }

const any = /^[ \t]*\*[ \t]*$/
const gap = /[ \t,]*/y
const etag = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/y
const afterTag = /[ \t]*(?:,[ \t,]*|$)/y

/**
 * Parses `*` or a comma-separated list of entity tags (RFC 9110, section 13.1). Elements of the list may be empty (section
 * 5.6.1.2), and so may the list, which then matches nothing. Fails on anything else.
 */
export const parseEntityTags = (header: string): Result.Result<EntityTags, "malformed"> => {
  if (any.test(header)) return Result.succeed({ _tag: "Any" })
  const tags: Array<EntityTag> = []
  gap.lastIndex = 0
  gap.test(header)
  let at = gap.lastIndex
  while (at < header.length) {
    etag.lastIndex = at
    const found = etag.exec(header)
    if (found === null) return Result.fail("malformed")
    tags.push({ weak: found[1] !== undefined, opaque: found[2] ?? "" })
    afterTag.lastIndex = etag.lastIndex
    if (!afterTag.test(header)) return Result.fail("malformed")
    at = afterTag.lastIndex
  }
  return Result.succeed({ _tag: "Listed", tags })
}

/** Whether a representation with this strong tag (quoted) is one that the client has: the weak comparison of RFC 9110, 8.8.3.2. */
export const matchesWeakly = (tags: EntityTags, quoted: string): boolean =>
  tags._tag === "Any" || tags.tags.some(({ opaque }) => `"${opaque}"` === quoted)
