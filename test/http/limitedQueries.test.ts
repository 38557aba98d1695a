import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { CommandContended } from "../../src/commands/Answer.ts"
import { AuthorId, Version } from "../../src/domain/ids.ts"
import { TokenKeysUnavailable } from "../../src/platform/TokenVerifier.ts"
import { assertStatus } from "./assertAnswer.ts"
import { Faults } from "./brittleTarget.ts"
import { newPicture, post, unknownId } from "./comments.ts"
import { exchange } from "./exchange.ts"
import { everyQuery, standing } from "./faulty.ts"
import {
  assertLeft,
  assertTooMany,
  assertUncounted,
  exhaust,
  from,
  knownBearer,
  newAddress,
  quotaIn,
  tiny
} from "./limits.ts"
import { newUser } from "./people.ts"
import { commentUrl, countUrl, get, head, historyUrl, pageUrl } from "./queries.ts"

layer(tiny, { excludeTestServices: true, timeout: "60 seconds" })("Who sends too many queries", (it) => {
  it.effect("gets 429 to every kind of query, for the address that it comes from", () =>
    Effect.gen(function*() {
      const here = from(newAddress())
      for (const [index, url] of everyQuery(newPicture()).entries()) {
        assertLeft(yield* get(url, here), "queries", 5 - index)
      }
      for (const url of everyQuery(newPicture())) {
        assertTooMany(yield* get(url, here), "queries")
        assert.strictEqual(assertStatus(yield* head(url, here), 429).text, "")
      }
      assertLeft(yield* get(countUrl(newPicture()), from(newAddress())), "queries", 5)
    }))

  it.effect("is counted for what isn't sent again, and for what can't be read", () =>
    Effect.gen(function*() {
      const [picture, here] = [newPicture(), from(newAddress())]
      const { etag = "" } = assertStatus(yield* get(countUrl(picture), here), 200).headers
      const unchanged = yield* get(countUrl(picture), { ...here, "if-none-match": etag })
      assertLeft(assertStatus(unchanged, 304), "queries", 4)
      assertLeft(assertStatus(yield* head(countUrl(picture), here), 200), "queries", 3)
      assertLeft(assertStatus(yield* get(pageUrl(picture, "?limit=0"), here), 400), "queries", 2)
      assertLeft(assertStatus(yield* get(`${historyUrl("no-id")}?no=such`, here), 401), "queries", 1)
      assertLeft(assertStatus(yield* get(`${countUrl(picture)}?no=such`, here), 400), "queries", 0)
      assertTooMany(yield* get(pageUrl(picture, "?limit=0"), here), "queries")
    }))

  it.effect("with queries as a user doesn't as another, nor as an address, nor with commands", () =>
    Effect.gen(function*() {
      const faults = yield* Faults
      faults.command = Effect.fail(new CommandContended({ standing }))
      const [here, user] = [from(newAddress()), newUser()]
      const mine = { ...here, ...(yield* knownBearer(user, "")) }
      const url = historyUrl(standing.commentId)
      assertLeft(assertStatus(yield* get(url, mine), 404), "queries", 5)
      yield* exhaust(get(countUrl(newPicture()), mine))
      assertTooMany(yield* get(url, mine), "queries")
      assertLeft(assertStatus(yield* get(url, { ...here, ...(yield* knownBearer(newUser())) }), 404), "queries", 5)
      assertLeft(yield* get(countUrl(newPicture()), here), "queries", 5)
      assertLeft(yield* post(newPicture(), user, "text"), "commands", 3)
      // A token that is no good makes nobody of whom it names.
      assertLeft(yield* get(countUrl(newPicture()), { ...here, authorization: `${mine.authorization}x` }), "queries", 4)
      assertLeft(assertStatus(yield* get(url, { ...here, authorization: "Bearer x" }), 401), "queries", 3)
    }))

  it.effect("pays for a long history as for as many queries, whether or not it is shown to it, and waits until that is made up for", () =>
    Effect.gen(function*() {
      const faults = yield* Faults
      const { readModel } = faults
      const text = "x".repeat(10_000)
      const entries = Array.from({ length: 81 }, (_, index) => ({
        version: Version.make(index + 1),
        type: "CommentEdited",
        at: new Date(0),
        text
      }))
      faults.readModel = { ...readModel, history: () => Effect.succeed({ authorId: standing.authorId, entries }) }
      const url = historyUrl(standing.commentId)
      for (const [user, status] of [[standing.authorId, 200], [newUser(), 403]] as const) {
        const mine = yield* knownBearer(user)
        const reply = assertStatus(yield* get(url, mine), status)
        assertLeft(reply, "queries", 0)
        // One for the query and eight for the bytes, of six: four have to come back until there is one, one each ten minutes.
        assert.isTrue((quotaIn(reply)?.t ?? 0) > 2340 && (quotaIn(reply)?.t ?? 0) <= 2400)
        const refused = yield* get(countUrl(newPicture()), mine)
        assertTooMany(refused, "queries")
        assert.isAbove(Number(refused.headers["retry-after"]), 4 * 600 - 60)
      }
      faults.readModel = readModel
    }))

  it.effect("can still ask for what isn't counted: documentation, problems' pages, health, metrics, what there isn't", () =>
    Effect.gen(function*() {
      const here = from(newAddress())
      yield* exhaust(get(countUrl(newPicture()), here))
      const uncounted = [
        "/openapi.json",
        "/docs",
        "/problems/too-many-requests",
        "/health/live",
        "/health/ready",
        "/metrics"
      ]
      for (const path of uncounted) assertUncounted(assertStatus(yield* get(path, here), 200))
      assertUncounted(assertStatus(yield* get("/nowhere", here), 404))
      assertUncounted(assertStatus(yield* exchange({ method: "PUT", path: "/docs", headers: here }), 405))
      assertUncounted(
        assertStatus(yield* exchange({ method: "OPTIONS", path: countUrl("picture"), headers: here }), 204)
      )
    }))

  it.effect("can still have the first pages that are at hand: they cost next to nothing", () =>
    Effect.gen(function*() {
      const [picture, here] = [newPicture(), from(newAddress())]
      assertLeft(yield* get(pageUrl(picture), here), "queries", 5)
      yield* exhaust(get(countUrl(picture), here))
      assertUncounted(assertStatus(yield* get(pageUrl(picture), here), 200))
      assertTooMany(yield* get(pageUrl(newPicture()), here), "queries")
    }))

  it.effect("doesn't wait, and isn't refused, because the issuer of a token can't be asked that a query needn't have", () =>
    Effect.gen(function*() {
      const faults = yield* Faults
      const mine = { ...from(newAddress()), ...(yield* knownBearer(newUser())) }
      const ends = [Effect.fail(new TokenKeysUnavailable({ cause: new Error("down") })), Effect.never]
      for (const [index, end] of ends.entries()) {
        faults.verification = end
        faults.awaitsKeys = true
        assertLeft(assertStatus(yield* get(countUrl(newPicture()), mine), 200), "queries", 5 - index)
      }
      faults.verification = undefined
      faults.awaitsKeys = false
      assertLeft(assertStatus(yield* get(commentUrl(unknownId()), mine), 404), "queries", 5)
    }))

  it.effect("is who its token says, however long a busy process takes to verify that", () =>
    Effect.gen(function*() {
      const faults = yield* Faults
      const [here, user] = [from(newAddress()), newUser()]
      const mine = { ...here, ...(yield* knownBearer(user)) }
      assertLeft(yield* get(countUrl(newPicture()), mine), "queries", 5)
      const verified = Effect.succeed({ subject: AuthorId.make(user), scopes: new Set<string>(), expiresAt: Infinity })
      faults.verification = Effect.delay(verified, "120 millis")
      assertLeft(yield* get(countUrl(newPicture()), mine), "queries", 4)
      faults.verification = undefined
      assertLeft(yield* get(countUrl(newPicture()), here), "queries", 5)
    }))
})
