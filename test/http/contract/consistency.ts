import { assert, describe } from "@effect/vitest"
import { Effect, Fiber, Result } from "effect"
import { encodeConsistencyToken, parseConsistencyTokens } from "../../../src/api/ConsistencyToken.ts"
import { AuthorId, CommentId, PictureId } from "../../../src/domain/ids.ts"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import type { Posted } from "../comments.ts"
import { bearer, commentOf, deleted, edit, newKey, newPicture, post, posted, remove, tokenOf } from "../comments.ts"
import type { Reply } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, somebodyElse } from "../people.ts"
import { after, commentUrl, countUrl, get, historyUrl, pageOf, pageUrl, userUrl } from "../queries.ts"

/** A token for a version of a comment that it may not have reached yet. */
const tokenFor = ({ authorId, id, pictureId }: Posted, version: number): string =>
  encodeConsistencyToken({
    commentId: CommentId.make(id),
    version,
    pictureId: PictureId.make(pictureId),
    authorId: AuthorId.make(authorId)
  })

const versionIn = (reply: Reply): number | undefined =>
  Result.getOrThrow(parseConsistencyTokens(tokenOf(reply)))[0]?.version

/** All queries that a comment can be seen by. */
const queriesOf = ({ authorId, id, pictureId }: Posted): ReadonlyArray<string> => [
  pageUrl(pictureId),
  countUrl(pictureId),
  `/comment-counts?pictureId=${newPicture()}&pictureId=${pictureId}`,
  userUrl(authorId),
  commentUrl(id),
  historyUrl(id)
]

const assertBehind = (reply: Reply) => {
  assertProblem(reply, 503, "read-model-behind")
  assert.match(reply.headers["retry-after"] ?? "", /^[1-9]\d*$/)
}

export const consistency: Part = (it) =>
  describe("Consistency tokens", () => {
    it.effect("come with every 200, 201 and 204, no-ops and replays too, and with 410 and 412", () =>
      Effect.gen(function*() {
        const [picture, ana, key] = [newPicture(), yield* anybody, newKey()]
        const under = { headers: { "idempotency-key": key } }
        const created = yield* post(picture, ana, "one", under)
        const { id } = commentOf(created)
        const versions: ReadonlyArray<readonly [Reply, number, number]> = [
          [created, 201, 1],
          [yield* edit(id, ana, "two"), 200, 2],
          [yield* edit(id, ana, "two"), 200, 2],
          [yield* post(picture, ana, "one", under), 201, 2],
          [yield* edit(id, ana, "three", { headers: { "if-match": "\"1\"" } }), 412, 2],
          [yield* remove(id, ana, { headers: { "if-match": "\"1\"" } }), 412, 2],
          [yield* remove(id, ana), 204, 3],
          [yield* remove(id, yield* somebodyElse), 204, 3],
          [yield* post(picture, ana, "one", under), 201, 3],
          [yield* edit(id, ana, "four"), 410, 3]
        ]
        for (const [reply, status, version] of versions) {
          assertStatus(reply, status)
          assert.match(tokenOf(reply), /^[A-Za-z0-9_-]+$/)
          assert.strictEqual(versionIn(reply), version)
        }
      }))

    it.effect("make every query reflect what was posted", () =>
      Effect.gen(function*() {
        const assertSeen = Effect.gen(function*() {
          const comment = yield* posted()
          const author = yield* bearer(comment.authorId)
          const replies = yield* Effect.forEach(
            queriesOf(comment),
            (url) => get(url, { ...author, ...after(comment.token) }),
            { concurrency: "unbounded" }
          )
          for (const reply of replies) {
            assertStatus(reply, 200)
          }
          const [page, count, counts] = replies
          assert.deepStrictEqual(
            page === undefined ? [] : pageOf(page).items.map(({ id }) => id),
            [comment.id]
          )
          for (const reply of [count, counts]) {
            assert.include(reply?.text, `{"pictureId":"${comment.pictureId}","count":1}`)
          }
        })
        yield* Effect.replicateEffect(assertSeen, 10, { concurrency: 4, discard: true })
      }))

    it.effect("make every query reflect what was edited and deleted, also where an older answer was cached", () =>
      Effect.gen(function*() {
        const { authorId, id, pictureId, token } = yield* posted()
        const texts = (seen: string) =>
          Effect.map(get(pageUrl(pictureId), after(seen)), (reply) => pageOf(reply).items.map(({ text }) => text))
        assert.deepStrictEqual(yield* texts(token), ["What a light!"])
        for (let n = 0; n < 10; n++) {
          pageOf(yield* get(pageUrl(pictureId)))
          assert.deepStrictEqual(yield* texts(tokenOf(yield* edit(id, authorId, `edit ${n}`))), [`edit ${n}`])
        }
        const removed = tokenOf(yield* remove(id, authorId))
        assert.deepStrictEqual(yield* texts(removed), [])
        assert.include((yield* get(countUrl(pictureId), after(removed))).text, "\"count\":0")
        assertProblem(yield* get(commentUrl(id), after(removed)), 410, "comment-deleted")
      }))

    it.effect("may be up to 16, separated by commas", () =>
      Effect.gen(function*() {
        const picture = newPicture()
        const comments = yield* Effect.forEach(Array.from({ length: 16 }), () => posted({ picture }), {
          concurrency: 4
        })
        const tokens = comments.map(({ token }) => token)
        for (const separator of [",", ", ", " ,\t"]) {
          const headers = { ...after(), "consistency-token": tokens.join(separator) }
          assert.strictEqual(pageOf(yield* get(pageUrl(picture), headers)).count, 16)
        }
        const tooMany = yield* get(pageUrl(picture), after(...tokens, tokens[0] ?? ""))
        assert.deepStrictEqual(
          assertProblem(tooMany, 400, "malformed-request").errors.map(({ pointer }) => pointer),
          ["consistency-token"]
        )
      }))

    it.effect("are 400 if malformed, also beside a good one and where they concern nothing", () =>
      Effect.gen(function*() {
        const comment = yield* posted()
        const { token } = comment
        const author = yield* bearer(comment.authorId)
        const wrong = [
          "",
          ",",
          "x",
          token.slice(1),
          token.slice(0, -1),
          `${token}A`,
          `${token}=`,
          `${token},`,
          `"${token}"`,
          `B${token.slice(1)}`,
          `${token} ${token}`
        ]
        const urls = [...queriesOf(comment), commentUrl(comment.id.replace(/^./, "f")), pageUrl(newPicture())]
        yield* Effect.forEach(wrong, (header) =>
          Effect.gen(function*() {
            for (const url of urls) {
              const reply = yield* get(url, { ...author, "consistency-token": header })
              assert.deepStrictEqual(
                assertProblem(reply, 400, "malformed-request").errors.map(({ pointer }) => pointer),
                ["consistency-token"],
                `${url} ${header}`
              )
            }
          }), { concurrency: 8, discard: true })
      }))

    it.effect("of a command that isn't visible in time: 503 read-model-behind, after the time that was preferred", () =>
      Effect.gen(function*() {
        const comment = yield* posted()
        const token = tokenFor(comment, 2)
        const author = yield* bearer(comment.authorId)
        for (const url of queriesOf(comment)) {
          for (const prefer of ["wait=0", "respond-async, wait=0", "handling=lenient, Wait = \"0\""]) {
            assertBehind(yield* get(url, { ...author, "consistency-token": token, prefer }))
          }
        }
        const patient = [{ prefer: "wait=1" }, {}, { prefer: "wait=-1" }]
        const replies = yield* Effect.forEach(
          patient,
          (headers) => get(commentUrl(comment.id), { "consistency-token": `${comment.token}, ${token}`, ...headers }),
          {
            concurrency: "unbounded"
          }
        )
        replies.forEach(assertBehind)
      }))

    it.effect("make a query wait for a command that is still to come", () =>
      Effect.gen(function*() {
        const comment = yield* posted()
        const { authorId, id, pictureId } = comment
        const headers = after(tokenFor(comment, 3))
        const waiting = yield* Effect.forkChild(
          Effect.forEach([commentUrl(id), pageUrl(pictureId), userUrl(authorId)], (url) => get(url, headers), {
            concurrency: "unbounded"
          })
        )
        assertStatus(yield* edit(id, authorId, "two"), 200)
        assertStatus(yield* edit(id, authorId, "three"), 200)
        for (const reply of yield* Fiber.join(waiting)) {
          assert.include(assertStatus(reply, 200).text, "\"text\":\"three\"")
        }
      }))

    it.effect("of a deletion make a query wait for that", () =>
      Effect.gen(function*() {
        const { id, token } = yield* deleted()
        assertProblem(yield* get(commentUrl(id), after(token)), 410, "comment-deleted")
      }))

    it.effect("are ignored by a query that they can't concern", () =>
      Effect.gen(function*() {
        const [mine, other] = [yield* posted(), yield* posted({ by: yield* somebodyElse })]
        const never = tokenFor(other, 1000)
        const author = yield* bearer(mine.authorId)
        for (const url of queriesOf(mine)) {
          assertStatus(yield* get(url, { ...author, ...after(mine.token, never) }), 200)
        }
      }))
  })
