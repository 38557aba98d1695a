import { assert, layer } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { AuthorId, PictureId, Version } from "../../src/domain/ids.ts"
import { assertProblem, assertStatus } from "./assertAnswer.ts"
import { brittleTarget, Faults } from "./brittleTarget.ts"
import { bearer, newPicture } from "./comments.ts"
import { assertRetryAfter, brokenReadModel, everyQuery, readModelDown, standing, unreached } from "./faulty.ts"
import { newUser } from "./people.ts"
import { after, commentUrl, countUrl, get, head, pageUrl, userUrl } from "./queries.ts"

layer(brittleTarget, { excludeTestServices: true, timeout: "60 seconds" })("While the read model fails", (it) => {
  it.effect("queries are 503 with Retry-After: the read model can't be reached", () =>
    Effect.gen(function*() {
      const faults = yield* Faults
      faults.readModel = brokenReadModel(readModelDown)
      const author = yield* bearer(newUser())
      for (const url of everyQuery("sunset")) {
        const reply = yield* get(url, author)
        assertProblem(reply, 503, "service-unavailable")
        assertRetryAfter(reply)
        assertStatus(yield* head(url, author), 503)
      }
      const waiting = yield* get(commentUrl(standing.commentId), after(yield* unreached))
      assertProblem(waiting, 503, "service-unavailable")
    }))

  it.effect("pages and counts that are cached are answered all the same", () =>
    Effect.gen(function*() {
      const faults = yield* Faults
      const picture = newPicture()
      const comment = {
        id: standing.commentId,
        pictureId: PictureId.make(picture),
        authorId: AuthorId.make("ana"),
        text: "What a light!",
        version: Version.make(1),
        createdAt: DateTime.toDateUtc(DateTime.makeUnsafe(0)),
        editedAt: null
      }
      faults.readModel = {
        ...brokenReadModel(readModelDown),
        page: () => Effect.succeed({ comments: [comment], more: true, count: 2 }),
        counts: (pictures) => Effect.succeed(pictures.map((pictureId) => ({ pictureId, count: 2 })))
      }
      const urls = [pageUrl(picture), pageUrl(picture, "?limit=1&order=oldest"), countUrl(picture)]
      const before = yield* Effect.forEach(urls, (url) => get(url))
      faults.readModel = brokenReadModel(readModelDown)
      for (const [index, url] of urls.entries()) {
        const reply = assertStatus(yield* get(url), 200)
        assert.strictEqual(reply.text, before[index]?.text)
        assertStatus(yield* get(url, { "if-none-match": `W/${reply.headers["etag"]}` }), 304)
      }
      assertProblem(yield* get(pageUrl(picture, "?limit=2")), 503, "service-unavailable")
    }))

  it.effect("a token of a comment that is parked is 503 projection-parked, at once", () =>
    Effect.gen(function*() {
      const faults = yield* Faults
      const token = yield* unreached
      faults.readModel = {
        ...brokenReadModel(readModelDown),
        positions: (streams) => Effect.succeed(streams.map((stream) => ({ stream, version: 1, parked: true })))
      }
      for (const url of [commentUrl(standing.commentId), pageUrl("sunset"), countUrl("sunset"), userUrl("ana")]) {
        const reply = yield* get(url, after(token))
        assertProblem(reply, 503, "projection-parked")
        assertRetryAfter(reply)
      }
    }))

  it.effect("more queries than may wait are 503 read-model-behind, and the one that waits goes on", () =>
    Effect.gen(function*() {
      const faults = yield* Faults
      const token = yield* unreached
      let version = 1
      faults.readModel = {
        ...brokenReadModel(readModelDown),
        comment: () => Effect.succeed({ _tag: "NeverExisted" }),
        positions: (streams) => Effect.succeed(streams.map((stream) => ({ stream, version, parked: false })))
      }
      const replies = yield* Effect.forEach(
        [1, 2, 3],
        () =>
          Effect.tap(get(commentUrl(standing.commentId), after(token)), (reply) =>
            Effect.sync(() => {
              // Whoever was turned away lets the one who waits see the end of it.
              if (reply.status === 503) {
                version = 2
              }
            })),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(
        replies.map(({ status }) => status).toSorted(),
        [404, 503, 503]
      )
      for (const reply of replies.filter(({ status }) => status === 503)) {
        assertProblem(reply, 503, "read-model-behind")
        assertRetryAfter(reply)
      }
    }))
})
