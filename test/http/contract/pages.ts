import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { newPicture, posted } from "../comments.ts"
import { jsonOf, propertiesOf } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, newUser } from "../people.ts"
import { after, get, pageOf, pageUrl, userUrl, walk } from "../queries.ts"

/** Several comments on one picture, posted at once, and the tokens of all. */
const several = Effect.fnUntraced(function*(howMany: number, author?: string) {
  const [picture, by] = [newPicture(), author ?? (yield* anybody)]
  const comments = yield* Effect.forEach(Array.from({ length: howMany }), () => posted({ by, picture }), {
    concurrency: 8
  })
  for (let n = 0; n < howMany; n += 16) {
    assertStatus(yield* get(pageUrl(picture), after(...comments.slice(n, n + 16).map(({ token }) => token))), 200)
  }
  const place = ({ createdAt, id }: { readonly createdAt: string; readonly id: string }) => `${createdAt} ${id}`
  const oldest = comments.toSorted((one, other) => place(one) < place(other) ? -1 : 1).map(({ id }) => id)
  return { by, picture, oldest, newest: oldest.toReversed() }
})

const ids = (items: ReadonlyArray<{ readonly id: string }>) => items.map(({ id }) => id)

/** The address in `Link: <…>; rel="next"`. */
const linked = (link = ""): string => /^<([^>]*)>; rel="next"$/.exec(link)?.[1] ?? ""

export const pages: Part = (it) =>
  describe("Pages", () => {
    it.effect("are empty for a picture without comments", () =>
      Effect.gen(function*() {
        const reply = assertStatus(yield* get(pageUrl(newPicture())), 200)
        assert.deepStrictEqual(jsonOf(reply), { items: [], nextCursor: null, count: 0 })
        assert.isUndefined(reply.headers["link"])
      }))

    it.effect("have the newest first unless asked for the oldest, ordered by (createdAt, id)", () =>
      Effect.gen(function*() {
        const { newest, oldest, picture } = yield* several(12)
        assert.deepStrictEqual(ids(pageOf(yield* get(pageUrl(picture))).items), newest)
        assert.deepStrictEqual(ids(pageOf(yield* get(pageUrl(picture, "?order=newest"))).items), newest)
        assert.deepStrictEqual(ids(pageOf(yield* get(pageUrl(picture, "?order=oldest"))).items), oldest)
      }))

    it.effect("have 20 comments unless asked for another number, and the count of the whole list", () =>
      Effect.gen(function*() {
        const { newest, picture } = yield* several(21)
        const reply = yield* get(pageUrl(picture))
        const { count, items, nextCursor } = pageOf(reply)
        assert.deepStrictEqual(propertiesOf(reply), ["items", "nextCursor", "count"])
        assert.deepStrictEqual([ids(items), count], [newest.slice(0, 20), 21])
        const rest = pageOf(yield* get(pageUrl(picture, `?cursor=${nextCursor}`)))
        assert.deepStrictEqual([ids(rest.items), rest.count, rest.nextCursor], [newest.slice(20), 21, null])
        const exact = pageOf(yield* get(pageUrl(picture, "?limit=21")))
        assert.deepStrictEqual([ids(exact.items), exact.nextCursor], [newest, null])
      }))

    it.effect("have 1 to 100 comments: any other limit is 400", () =>
      Effect.gen(function*() {
        const { newest, picture } = yield* several(2)
        assert.deepStrictEqual(ids(pageOf(yield* get(pageUrl(picture, "?limit=1"))).items), newest.slice(0, 1))
        assert.deepStrictEqual(ids(pageOf(yield* get(pageUrl(picture, "?limit=100"))).items), newest)
        for (const url of [pageUrl(picture), userUrl(newUser())]) {
          for (
            const limit of [
              "0",
              "101",
              "-1",
              "1.5",
              "abc",
              "",
              "NaN",
              "Infinity",
              "1e9",
              "1e1",
              "0x10",
              "%205",
              "%2B5",
              "05",
              "%00",
              "1&limit=2"
            ]
          ) {
            const { errors } = assertProblem(yield* get(`${url}?limit=${limit}`), 400, "malformed-request")
            assert.strictEqual(errors[0]?.pointer, "limit")
          }
        }
      }))

    it.effect("take no other order and no parameter that isn't in the contract, and name all of these: 400", () =>
      Effect.gen(function*() {
        for (const url of [pageUrl(newPicture()), userUrl(newUser())]) {
          for (const order of ["", "Newest", "newest%20", "oldest&order=oldest", "desc"]) {
            const { errors } = assertProblem(yield* get(`${url}?order=${order}`), 400, "malformed-request")
            assert.strictEqual(errors[0]?.pointer, "order")
          }
          const { errors } = assertProblem(
            yield* get(`${url}?order=x&limit=0&offset=7&page=2`),
            400,
            "malformed-request"
          )
          assert.sameMembers(errors.map(({ pointer }) => pointer), ["order", "limit", "offset", "page"])
        }
      }))

    const linkToTheNext = Effect.fnUntraced(function*(url: string, oldest: ReadonlyArray<string>) {
      const first = yield* get(`${url}?order=oldest&limit=2`)
      const { nextCursor } = pageOf(first)
      const second = yield* get(linked(first.headers["link"]))
      assert.deepStrictEqual(pageOf(second), pageOf(yield* get(`${url}?order=oldest&limit=2&cursor=${nextCursor}`)))
      const third = yield* get(linked(second.headers["link"]))
      assert.isUndefined(third.headers["link"])
      assert.deepStrictEqual([first, second, third].flatMap((reply) => ids(pageOf(reply).items)), oldest)
      assert.match(linked(second.headers["link"]), new RegExp(`^${url.replaceAll(".", "\\.")}\\?`))
    })

    it.effect("link to the next one, relative, as it was asked for; the last one doesn't", () =>
      Effect.gen(function*() {
        const { oldest, picture } = yield* several(5)
        yield* linkToTheNext(pageUrl(picture), oldest)
      }))

    it.effect("of a user link to the next one in the same way", () =>
      Effect.gen(function*() {
        const { by, oldest } = yield* several(5, newUser())
        yield* linkToTheNext(userUrl(by), oldest)
      }))

    it.effect("may have another size from one to the next", () =>
      Effect.gen(function*() {
        const { newest, picture } = yield* several(6)
        const first = pageOf(yield* get(pageUrl(picture, "?limit=1")))
        const second = pageOf(yield* get(pageUrl(picture, `?limit=3&cursor=${first.nextCursor}`)))
        assert.deepStrictEqual([...ids(first.items), ...ids(second.items)], newest.slice(0, 4))
      }))

    it.effect("have cursors that are bound to their list and order: any other use is 400", () =>
      Effect.gen(function*() {
        const { by, picture } = yield* several(3)
        const { nextCursor } = pageOf(yield* get(pageUrl(picture, "?limit=1")))
        const users = pageOf(yield* get(userUrl(by, "?limit=1")))
        const misuses = [
          pageUrl(picture, `?order=oldest&cursor=${nextCursor}`),
          pageUrl(newPicture(), `?cursor=${nextCursor}`),
          pageUrl(picture, `?cursor=${users.nextCursor}`),
          userUrl(by, `?cursor=${nextCursor}`),
          userUrl(newUser(), `?cursor=${users.nextCursor}`),
          userUrl(by, `?order=oldest&cursor=${users.nextCursor}`)
        ]
        for (const url of misuses) {
          const { errors } = assertProblem(yield* get(url), 400, "malformed-request")
          assert.deepStrictEqual(errors.map(({ pointer }) => pointer), ["cursor"])
        }
      }))

    it.effect("take no malformed cursor: 400", () =>
      Effect.gen(function*() {
        const { picture } = yield* several(2)
        const cursor = pageOf(yield* get(pageUrl(picture, "?limit=1"))).nextCursor ?? ""
        const flipped = `${cursor.startsWith("A") ? "B" : "A"}${cursor.slice(1)}`
        for (
          const wrong of [
            "",
            "x",
            "null",
            flipped,
            cursor.slice(1),
            cursor.slice(0, -1),
            `${cursor}A`,
            `${cursor}%3D`,
            `%20${cursor}`,
            `${cursor}&cursor=${cursor}`
          ]
        ) {
          const { errors } = assertProblem(yield* get(pageUrl(picture, `?cursor=${wrong}`)), 400, "malformed-request")
          assert.deepStrictEqual(errors.map(({ pointer }) => pointer), ["cursor"])
        }
      }))

    it.effect("are the same, headers and all, however often and however freshly they are read", () =>
      Effect.gen(function*() {
        const { picture } = yield* several(3)
        const { token } = yield* posted({ picture })
        const queries = [
          "",
          "?",
          "?limit=2",
          "?order=oldest",
          "?order=oldest&limit=1",
          "?limit=1&order=oldest",
          "?limit=100"
        ]
        for (const query of queries) {
          const url = pageUrl(picture, query)
          const fresh = yield* get(url, after(token))
          for (let n = 0; n < 3; n++) {
            const again = yield* get(url, { "x-request-id": "mine" })
            assert.strictEqual(again.headers["x-request-id"], "mine")
            assert.notStrictEqual((yield* get(url, { "x-request-id": "not mine" })).headers["x-request-id"], "not mine")
            assert.strictEqual(again.text, fresh.text)
            for (const name of ["etag", "cache-control", "content-type", "content-length", "link"]) {
              assert.strictEqual(again.headers[name], fresh.headers[name])
            }
          }
        }
      }))

    it.effect("are walked to the end with every comment exactly once, in both orders", () =>
      Effect.gen(function*() {
        const { newest, oldest, picture } = yield* several(17)
        for (const limit of [1, 4, 16, 17, 18]) {
          assert.deepStrictEqual(ids((yield* walk(pageUrl(picture), "&order=newest", limit)).flat()), newest)
          assert.deepStrictEqual(ids((yield* walk(pageUrl(picture), "&order=oldest", limit)).flat()), oldest)
        }
      }))
  })
