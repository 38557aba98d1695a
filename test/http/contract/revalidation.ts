import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertStatus } from "../assertAnswer.ts"
import { bearer, edit, newPicture, post, posted, tokenOf, unknownId } from "../comments.ts"
import type { Part } from "../Part.ts"
import { anybody } from "../people.ts"
import { after, commentUrl, countUrl, get, head, historyUrl, pageUrl, userUrl } from "../queries.ts"

/** A comment, all queries that show it, and the headers that see it. */
const shown = Effect.gen(function*() {
  const { authorId, id, pictureId, token } = yield* posted()
  const urls = [
    pageUrl(pictureId),
    countUrl(pictureId),
    `/comment-counts?pictureId=${pictureId}`,
    userUrl(authorId),
    commentUrl(id),
    historyUrl(id)
  ]
  const author = yield* bearer(authorId)
  for (const url of urls) assertStatus(yield* get(url, { ...author, ...after(token) }), 200)
  return { authorId, id, pictureId, urls, author }
})

export const revalidation: Part = (it) =>
  describe("Revalidation", () => {
    it.effect("works by a strong ETag on every 200, which depends on the content only", () =>
      Effect.gen(function*() {
        const { author, authorId, id, urls } = yield* shown
        const tags = (headers = {}) =>
          Effect.forEach(
            urls,
            (url) => Effect.map(get(url, { ...author, ...headers }), (reply) => reply.headers["etag"])
          )
        const before = yield* tags()
        for (const tag of before) assert.match(tag ?? "", /^"[\x21\x23-\x7e]+"$/)
        assert.strictEqual(before[4], "\"1\"")
        const token = tokenOf(yield* edit(id, authorId, "edited"))
        const fresh = yield* tags(after(token))
        assert.deepStrictEqual(yield* tags(), fresh)
        assert.strictEqual(fresh[4], "\"2\"")
        for (const index of [0, 3, 4, 5]) assert.notStrictEqual(fresh[index], before[index])
        for (const index of [1, 2]) assert.strictEqual(fresh[index], before[index])
      }))

    it.effect("gives 304 without a body for what the client has: alone, in a list, weak, or *", () =>
      Effect.gen(function*() {
        const { author, urls } = yield* shown
        for (const url of urls) {
          const whole = yield* get(url, author)
          const etag = whole.headers["etag"] ?? ""
          for (
            const ifNoneMatch of [etag, `"other", ${etag}`, `${etag},"other"`, `W/${etag}`, `W/"x" , W/${etag}`, "*"]
          ) {
            const reply = assertStatus(yield* get(url, { ...author, "if-none-match": ifNoneMatch }), 304)
            assert.strictEqual(reply.headers["etag"], etag)
            assert.strictEqual(reply.headers["cache-control"], whole.headers["cache-control"])
            assert.isUndefined(reply.headers["content-type"])
          }
          for (
            const ifNoneMatch of [
              "\"other\"",
              etag.toUpperCase() === etag ? "\"x\"" : etag.toUpperCase(),
              "W/\"other\""
            ]
          ) {
            assert.strictEqual((yield* get(url, { ...author, "if-none-match": ifNoneMatch })).text, whole.text)
          }
        }
      }))

    it.effect("gives the whole answer again once it has changed", () =>
      Effect.gen(function*() {
        const { author, authorId, id, pictureId, urls } = yield* shown
        const tags = yield* Effect.forEach(
          urls,
          (url) => Effect.map(get(url, author), ({ headers }) => headers["etag"] ?? "")
        )
        const edited = tokenOf(yield* edit(id, authorId, "edited"))
        const more = tokenOf(yield* post(pictureId, authorId, "another"))
        for (const [index, url] of urls.entries()) {
          const headers = { ...author, ...after(edited, more), "if-none-match": tags[index] }
          assertStatus(yield* get(url, headers), 200)
        }
      }))

    it.effect("is asked for by Cache-Control: no-cache; a history is no-store", () =>
      Effect.gen(function*() {
        const { author, urls } = yield* shown
        for (const url of urls) {
          const { headers } = yield* get(url, author)
          assert.strictEqual(headers["cache-control"], url.endsWith("/history") ? "no-store" : "no-cache")
        }
      }))

    it.effect("works for HEAD as for GET: the same status and headers, and no body", () =>
      Effect.gen(function*() {
        const { author, urls } = yield* shown
        const same = ["etag", "cache-control", "content-type", "content-length", "link", "allow"]
        const addresses = [
          ...urls.map((url) => [url, 200] as const),
          [`${pageUrl(newPicture())}?limit=0`, 400],
          [commentUrl(unknownId()), 404],
          ["/no/such/address", 404]
        ] as const
        for (const [url, status] of addresses) {
          const [whole, bare] = [yield* get(url, author), assertStatus(yield* head(url, author), status)]
          assert.strictEqual(whole.status, status)
          for (const name of same) assert.strictEqual(bare.headers[name], whole.headers[name], `${url} ${name}`)
        }
        for (const url of urls) {
          const etag = (yield* head(url, author)).headers["etag"]
          assertStatus(yield* head(url, { ...author, "if-none-match": etag }), 304)
        }
        assertStatus(yield* head(historyUrl(unknownId())), 401)
        assertStatus(yield* head(commentUrl(unknownId()), yield* bearer(yield* anybody)), 404)
      }))
  })
