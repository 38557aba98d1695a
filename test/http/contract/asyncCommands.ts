import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { doneOf, later, laterUnder, locationOf, rejectedOf } from "../accepted.ts"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { commentOf, deleted, edit, newKey, newPicture, post, posted, remove, tokenOf, unknownId } from "../comments.ts"
import type { Reply } from "../exchange.ts"
import { jsonOf } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, somebodyElse } from "../people.ts"
import { after, commentUrl, get, historyAfter, pageOf, pageUrl } from "../queries.ts"

const isReplay = ({ headers }: Reply): boolean => headers["idempotency-replayed"] === "true"

export const asyncCommands: Part = (it) =>
  describe("A command with Prefer: respond-async", () => {
    it.effect("is accepted, decided after that, and tells its sender the comment that it left and a token to see it by", () =>
      Effect.gen(function*() {
        const [picture, ana] = [newPicture(), yield* anybody]
        const made = yield* doneOf(yield* post(picture, ana, " one\r\n", { headers: later }), ana)
        assert(made.comment !== null)
        assert.deepInclude(made.comment, { pictureId: picture, authorId: ana, text: "one", version: 1, editedAt: null })
        const { id } = made.comment
        assert.deepStrictEqual(commentOf(yield* get(commentUrl(id), after(made.token))), made.comment)
        assert.deepStrictEqual(pageOf(yield* get(pageUrl(picture), after(made.token))).items, [made.comment])

        const changed = yield* doneOf(yield* edit(id, ana, "two", { headers: later }), ana)
        assert.deepInclude(changed.comment, { id, text: "two", version: 2, createdAt: made.comment.createdAt })
        assert.deepStrictEqual(commentOf(yield* get(commentUrl(id), after(changed.token))), changed.comment)

        const removed = yield* doneOf(yield* remove(id, ana, { headers: later }), ana)
        assert.isNull(removed.comment)
        assertProblem(yield* get(commentUrl(id), after(removed.token)), 410, "comment-deleted")
        const history = yield* historyAfter(id, ana, removed.token)
        assert.deepStrictEqual(history.map(({ version }) => version), [1, 2, 3])
      }))

    it.effect("has the problem that its answer would have had, where the rules refuse it", () =>
      Effect.gen(function*() {
        const [own, gone] = [yield* posted(), yield* deleted()]
        const other = yield* somebodyElse
        const requests = [
          [own.authorId, (headers: object) => edit(unknownId(), own.authorId, "text", { headers: { ...headers } })],
          [other, (headers: object) => edit(own.id, other, "text", { headers: { ...headers } })],
          [other, (headers: object) => remove(own.id, other, { headers: { ...headers } })],
          [gone.authorId, (headers: object) => edit(gone.id, gone.authorId, "text", { headers: { ...headers } })],
          [
            own.authorId,
            (headers: object) => edit(own.id, own.authorId, "text", { headers: { ...headers, "if-match": "\"7\"" } })
          ],
          [other, (headers: object) => post(newPicture(), other, "text", { headers: { ...headers, "if-match": "*" } })]
        ] as const
        const statuses: Array<number> = []
        for (const [by, send] of requests) {
          const atOnce = yield* send({})
          const { problem, token } = yield* rejectedOf(yield* send(later), by)
          assert.deepStrictEqual<unknown>(problem, jsonOf(atOnce))
          assert.strictEqual(token === undefined, tokenOf(atOnce) === "")
          statuses.push(problem.status)
        }
        assert.deepStrictEqual(statuses, [404, 403, 403, 410, 412, 412])
      }))

    it.effect("is done where it finds the comment as it wants it, and appends nothing", () =>
      Effect.gen(function*() {
        const { authorId, createdAt, id, text, ...own } = yield* posted()
        const same = yield* doneOf(yield* edit(id, authorId, text, { headers: later }), authorId)
        assert.deepInclude(same.comment, { id, text, version: own.version, createdAt })
        const gone = yield* deleted()
        const again = yield* doneOf(yield* remove(gone.id, gone.authorId, { headers: later }), gone.authorId)
        assert.isNull(again.comment)
        assert.lengthOf(yield* historyAfter(id, authorId, same.token), 1)
        assert.lengthOf(yield* historyAfter(gone.id, gone.authorId, again.token), 2)
      }))

    it.effect("has its If-Match looked at when it is decided: of two for the same version one is done", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        const headers = { ...later, "if-match": "\"1\"" }
        const replies = yield* Effect.forEach(
          ["two", "three"],
          (text) => edit(id, authorId, text, { headers }),
          { concurrency: "unbounded" }
        )
        const looks = replies.map((reply) => Effect.result(Effect.sandbox(doneOf(reply, authorId))))
        const outcomes = yield* Effect.all(looks)
        assert.sameMembers(outcomes.map(({ _tag }) => _tag), ["Success", "Failure"])
        const loser = replies[outcomes.findIndex(({ _tag }) => _tag === "Failure")] ?? assert.fail()
        const { problem, token = "" } = yield* rejectedOf(loser, authorId)
        assert.strictEqual(problem.status, 412)
        assert.lengthOf(yield* historyAfter(id, authorId, token), 2)
      }))

    it.effect("is accepted once under a key, however often and however many at once it comes", () =>
      Effect.gen(function*() {
        const [picture, ana] = [newPicture(), yield* anybody]
        const headers = laterUnder(newKey())
        const send = post(picture, ana, "once", { headers })
        const replies = yield* Effect.all(Array.from({ length: 20 }, () => send), { concurrency: "unbounded" })
        assert.strictEqual(new Set(replies.map(locationOf)).size, 1)
        assert.strictEqual(replies.filter(isReplay).length, 19)
        const [first = assert.fail()] = replies
        const { comment, token } = yield* doneOf(first, ana)
        const again = yield* send
        assert.isTrue(isReplay(again))
        assert.deepStrictEqual(yield* doneOf(again, ana), { comment, token })
        assert(comment !== null)
        assert.deepStrictEqual(pageOf(yield* get(pageUrl(picture), after(token))).items, [comment])
      }))

    it.effect("is the same command under its key as one that is waited for, whichever comes first", () =>
      Effect.gen(function*() {
        const [picture, ana, key, other] = [newPicture(), yield* anybody, newKey(), newKey()]
        const { comment } = yield* doneOf(yield* post(picture, ana, "one", { headers: laterUnder(key) }), ana)
        const waited = assertStatus(yield* post(picture, ana, "one", { headers: { "idempotency-key": key } }), 201)
        assert.isTrue(isReplay(waited))
        assert.deepStrictEqual(commentOf(waited), comment)
        const { id } = commentOf(waited)
        const changed = assertStatus(yield* edit(id, ana, "two", { headers: { "idempotency-key": other } }), 200)
        assertStatus(yield* edit(id, ana, "three"), 200)
        const replayed = yield* doneOf(yield* edit(id, ana, "two", { headers: laterUnder(other) }), ana)
        assert.deepStrictEqual(replayed.comment, commentOf(changed))
        const history = yield* historyAfter(id, ana, replayed.token)
        assert.deepStrictEqual(history.map(({ text }) => text), ["one", "two", "three"])
      }))

    it.effect("is refused under a key that has been used for another: 422, at once or in its problem", () =>
      Effect.gen(function*() {
        const [picture, ana, key, other] = [newPicture(), yield* anybody, newKey(), newKey()]
        yield* doneOf(yield* post(picture, ana, "one", { headers: laterUnder(key) }), ana)
        assertProblem(
          yield* post(picture, ana, "two", { headers: laterUnder(key) }),
          422,
          "idempotency-key-reused"
        )
        assertStatus(yield* post(picture, ana, "one", { headers: { "idempotency-key": other } }), 201)
        const { problem } = yield* rejectedOf(yield* post(picture, ana, "two", { headers: laterUnder(other) }), ana)
        assert.deepInclude(problem, { status: 422, type: "/problems/idempotency-key-reused" })
      }))

    it.effect.each(["Respond-Async", "wait=5, respond-async;x=\"y\"", "respond-async=\"\""])(
      "is one with the preference written as RFC 7240 allows: %s",
      (prefer) =>
        Effect.gen(function*() {
          const ana = yield* anybody
          const { comment } = yield* doneOf(yield* post(newPicture(), ana, "later", { headers: { prefer } }), ana)
          assert.strictEqual(comment?.text, "later")
        })
    )

    it.effect.each(["wait=5", "respond-async=1", "x=\"a, respond-async\"", "return=minimal; respond-async"])(
      "isn't one with another preference, or with one that is malformed: %s",
      (prefer) =>
        Effect.gen(function*() {
          const reply = yield* post(newPicture(), yield* anybody, "now", { headers: { prefer } })
          assertStatus(reply, 201)
          assert.isUndefined(reply.headers["preference-applied"])
        })
    )
  })
