import { assert, layer } from "@effect/vitest"
import { Effect, Fiber, Latch } from "effect"
import { encodeConsistencyToken } from "../../src/api/ConsistencyToken.ts"
import { CommentId } from "../../src/domain/ids.ts"
import { assertProblem } from "./assertAnswer.ts"
import { brittle, Faults } from "./brittleTarget.ts"
import { unknownId } from "./comments.ts"
import { assertRetryAfter, brokenReadModel, readModelDown, standing } from "./faulty.ts"
import { knownBearer } from "./limits.ts"
import { newUser } from "./people.ts"
import { after, commentUrl, get, historyUrl } from "./queries.ts"

type Sent = Readonly<Record<string, string>>

/**
 * Queries that come at once, and all would wait: how many were turned away. Once each either waits or was turned away, the
 * read model has what they wait for.
 */
const turnedAway = Effect.fnUntraced(function*(sent: ReadonlyArray<Sent>) {
  const faults = yield* Faults
  let refused = 0
  faults.readModel = {
    ...brokenReadModel(readModelDown),
    comment: () => Effect.succeed({ _tag: "NeverExisted" }),
    positions: (streams) =>
      Effect.sync(() => {
        const version = streams.length + refused < sent.length ? 0 : 1
        return streams.map((stream) => ({ stream, version, parked: false }))
      })
  }
  const replies = yield* Effect.forEach(sent, (headers) => {
    const commentId = CommentId.make(unknownId())
    const token = encodeConsistencyToken({ ...standing, commentId, version: 1 })
    return Effect.tap(get(commentUrl(commentId), { ...after(token), ...headers }), ({ status }) =>
      Effect.sync(() => {
        if (status === 503) refused++
      }))
  }, { concurrency: "unbounded" })
  for (const reply of replies) {
    if (reply.status === 503) {
      assertProblem(reply, 503, "read-model-behind")
      assertRetryAfter(reply)
    } else assertProblem(reply, 404, "comment-not-found")
  }
  return refused
})

const from = (name: string, ...addresses: ReadonlyArray<string>) => addresses.map((address) => ({ [name]: address }))

const untrusting = brittle({ maxWaiters: 6, maxWaitersPerCaller: 2 })

layer(untrusting, { excludeTestServices: true, timeout: "60 seconds" })("Waits where no header is trusted", (it) => {
  it.effect("are capped for the connection's address", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* turnedAway([{}, {}]), 0)
      assert.strictEqual(yield* turnedAway([{}, {}, {}, {}]), 2)
    }))

  it.effect("aren't any more for a client that gives itself addresses", () =>
    Effect.gen(function*() {
      for (const name of ["x-client-ip", "x-forwarded-for", "x-real-ip", "true-client-ip"]) {
        assert.strictEqual(yield* turnedAway(from(name, "203.0.113.1", "203.0.113.2", "203.0.113.3")), 1, name)
      }
    }))
})

const trusting = brittle({ maxWaiters: 6, maxWaitersPerCaller: 2, clientAddressHeader: "x-client-ip" })

layer(trusting, { excludeTestServices: true, timeout: "60 seconds" })("Waits where a header is trusted", (it) => {
  it.effect("are capped for the address that it tells, be it of a network of IPv6", () =>
    Effect.gen(function*() {
      const [one, two] = ["203.0.113.1", "203.0.113.2"]
      assert.strictEqual(yield* turnedAway(from("x-client-ip", one, one, two, two)), 0)
      assert.strictEqual(yield* turnedAway(from("x-client-ip", one, one, one, two)), 1)
      assert.strictEqual(yield* turnedAway(from("x-client-ip", "2001:db8::1", "2001:db8::2", "2001:db8::3")), 1)
    }))

  it.effect("are capped for the connection's where it tells none", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* turnedAway(from("x-client-ip", "me", "you", "203.0.113.1, 203.0.113.2")), 1)
      assert.strictEqual(yield* turnedAway(from("x-forwarded-for", "203.0.113.1", "203.0.113.2", "203.0.113.3")), 1)
    }))

  it.effect("are capped for the user of a valid token, wherever it comes from, and not for others who come from there", () =>
    Effect.gen(function*() {
      const [ana, bruno] = [yield* knownBearer(newUser()), yield* knownBearer(newUser())]
      const [one, two, three] = from("x-client-ip", "203.0.113.1", "203.0.113.2", "203.0.113.3")
      assert.strictEqual(yield* turnedAway([{ ...one, ...ana }, { ...two, ...ana }, { ...three, ...ana }]), 1)
      assert.strictEqual(yield* turnedAway([one, one, ana, ana, bruno, bruno].map((sent) => ({ ...one, ...sent }))), 0)
    }))

  it.effect("are for one of a caller's histories after the other, and 503 beyond 32 of them, while others have theirs", () =>
    Effect.gen(function*() {
      const faults = yield* Faults
      const free = yield* Latch.make()
      const [begun, refused] = [yield* Latch.make(), yield* Latch.make()]
      let reading = 0
      faults.readModel = {
        ...brokenReadModel(readModelDown),
        history: (id) =>
          id === standing.commentId
            ? Effect.sync(() => reading++).pipe(
              Effect.andThen(begun.open),
              Effect.andThen(free.await),
              Effect.andThen(Effect.undefined)
            )
            : Effect.undefined
      }
      const [mine, others] = [yield* knownBearer(newUser()), yield* knownBearer(newUser())]
      const ask = Effect.tap(
        get(historyUrl(standing.commentId), mine),
        ({ status }) => status === 503 ? refused.open : Effect.void
      )
      const asked = yield* Effect.forkChild(
        Effect.all(Array.from({ length: 33 }, () => ask), { concurrency: "unbounded" })
      )
      yield* begun.await
      yield* refused.await
      assert.strictEqual(reading, 1)
      assertProblem(yield* get(historyUrl(unknownId()), others), 404, "comment-not-found")
      yield* free.open
      const replies = yield* Fiber.join(asked)
      for (const reply of replies) {
        if (reply.status === 503) {
          assertProblem(reply, 503, "service-unavailable")
          assertRetryAfter(reply)
        } else assertProblem(reply, 404, "comment-not-found")
      }
      assert.lengthOf(replies.filter(({ status }) => status === 503), 1)
      assert.strictEqual(reading, 32)
    }))

  it.effect("are capped in all, wherever they come from", () =>
    Effect.gen(function*() {
      const addresses = Array.from({ length: 9 }, (_, index) => `203.0.113.${index}`)
      assert.strictEqual(yield* turnedAway(from("x-client-ip", ...addresses)), 3)
    }))
})
