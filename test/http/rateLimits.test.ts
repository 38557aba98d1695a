import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { CommandContended } from "../../src/commands/Answer.ts"
import { assertProblem, assertStatus } from "./assertAnswer.ts"
import { brittle, Faults } from "./brittleTarget.ts"
import { bearer, edit, newPicture, post, remove, unknownId } from "./comments.ts"
import { exchange } from "./exchange.ts"
import { everyQuery, standing } from "./faulty.ts"
import {
  assertLeft,
  assertTooMany,
  assertUncounted,
  exhaust,
  from,
  newAddress,
  newNetwork,
  postWith,
  tiny
} from "./limits.ts"
import { newUser } from "./people.ts"
import { countUrl, get, pageUrl } from "./queries.ts"
import { connect, repliesIn } from "./rawConnection.ts"

const later = { prefer: "respond-async" }

// No command comes to anything here: what matters is whether it was let in.
const contended = Effect.gen(function*() {
  const faults = yield* Faults
  faults.command = Effect.fail(new CommandContended({ standing }))
  faults.inbox = { accept: () => Effect.succeed(null), find: () => Effect.succeedNone }
})

/** One of each kind of command, by the same user. */
const everyCommand = (user: string) => [
  post(newPicture(), user, "text"),
  edit(unknownId(), user, "text"),
  remove(unknownId(), user),
  post(newPicture(), user, "text", { headers: later }),
  Effect.flatMap(bearer(user), (headers) => get(`/commands/${unknownId()}`, headers))
]

layer(tiny, { excludeTestServices: true, timeout: "60 seconds" })("Who sends too many commands", (it) => {
  it.effect("as a user gets 429 to every kind of command, and nobody else does", () =>
    Effect.gen(function*() {
      yield* contended
      const user = newUser()
      const statuses = [409, 409, 409, 202, 404]
      for (const [index, command] of everyCommand(user).entries()) {
        assertLeft(assertStatus(yield* command, statuses[index] ?? 0), "commands", 4 - index)
      }
      for (const command of everyCommand(user)) {
        const reply = yield* command
        assertTooMany(reply, "commands")
        assert.strictEqual(reply.headers["ratelimit-policy"], "\"commands\";q=5;w=3600")
        const retryAfter = Number(reply.headers["retry-after"])
        assert.isTrue(retryAfter > 600 && retryAfter <= 720)
        assert.strictEqual(reply.headers["ratelimit"], `"commands";r=0;t=${retryAfter}`)
      }
      assertLeft(yield* post(newPicture(), newUser(), "text"), "commands", 4)
    }))

  it.effect("as a user is counted before the scope and the route, and however the command is refused", () =>
    Effect.gen(function*() {
      yield* contended
      const user = newUser()
      assertLeft(
        assertStatus(yield* post(newPicture(), user, "text", { scope: "" }), 403),
        "commands",
        4
      )
      const headers = yield* bearer(user)
      assertLeft(assertStatus(yield* exchange({ method: "PUT", path: "/nowhere", headers }), 404), "commands", 3)
      assertLeft(assertStatus(yield* postWith({ ...headers, "content-type": "text/plain" }), 415), "commands", 2)
      assertLeft(assertStatus(yield* edit("no-id", user, "text"), 400), "commands", 1)
      assertLeft(assertStatus(yield* post(newPicture(), user, ""), 422), "commands", 0)
      assertTooMany(yield* exchange({ method: "PUT", path: "/nowhere", headers }), "commands")
      assertTooMany(yield* post(newPicture(), user, "text", { scope: "" }), "commands")
    }))

  it.effect("with bad tokens or none is counted for the address: 401, then 429; users who come from there aren't", () =>
    Effect.gen(function*() {
      yield* contended
      const here = from(newAddress())
      const bad = [{}, { authorization: "Bearer x" }, { authorization: "Basic eDp5" }, {}, {
        authorization: "Bearer a.b.c"
      }]
      for (const [index, headers] of bad.entries()) {
        const reply = yield* postWith({ ...here, ...headers })
        assertProblem(reply, 401, "unauthorized")
        assertLeft(reply, "commands", 4 - index)
      }
      for (const headers of bad) assertTooMany(yield* postWith({ ...here, ...headers }), "commands")
      assertTooMany(yield* exchange({ method: "PUT", path: "/nowhere", headers: here }), "commands")
      assertTooMany(yield* get(`/commands/${unknownId()}`, here), "commands")
      assertLeft(assertStatus(yield* post(newPicture(), newUser(), "text", { headers: here }), 409), "commands", 4)
      assertLeft(assertStatus(yield* postWith(from(newAddress())), 401), "commands", 4)
    }))

  it.effect("from one network of IPv6 is one caller, whichever of its addresses it takes", () =>
    Effect.gen(function*() {
      const [network, another] = [newNetwork(), newNetwork()]
      for (const [index, host] of ["::1", "::2", ":a:b:c:d", ":ffff::", "::5"].entries()) {
        assertLeft(yield* postWith(from(`${network}${host}`)), "commands", 4 - index)
      }
      assertTooMany(yield* postWith(from(`${network}:1:2:3:4`)), "commands")
      assertLeft(yield* postWith(from(`${another}::1`)), "commands", 4)
    }))

  it.effect("is answered at once: nobody waits for a body that isn't read", () =>
    Effect.gen(function*() {
      const address = newAddress()
      yield* exhaust(postWith(from(address)))
      const { until, write } = yield* connect
      yield* write(
        `POST ${pageUrl(newPicture())} HTTP/1.1\r\nHost: x\r\nX-Client-Ip: ${address}\r\n` +
          "Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"
      )
      const [reply] = repliesIn(yield* until((received) => repliesIn(received).length > 0))
      assert(reply !== undefined)
      assertTooMany(reply, "commands")
    }))

  it.effect("shows in the metrics, by policy", () =>
    Effect.gen(function*() {
      const limited = Effect.map(get("/metrics"), ({ text }) =>
        ["commands", "queries"].map((policy) =>
          Number(new RegExp(`^rate_limited_requests_total\\{policy="${policy}"\\} (\\d+)$`, "m").exec(text)?.[1])
        ))
      const before = yield* limited
      const here = from(newAddress())
      yield* exhaust(postWith(here))
      yield* exhaust(get(countUrl(newPicture()), here))
      assert.deepStrictEqual(
        (yield* limited).map((count, index) =>
          count - (before[index] ?? 0)
        ),
        [1, 1]
      )
      assert.match((yield* get("/metrics")).text, /^rate_limit_failures_total \d+$/m)
    }))
})

layer(brittle({ maxWaiters: 1 }), { excludeTestServices: true, timeout: "60 seconds" })(
  "Where there are no limits",
  (it) => {
    it.effect("nothing is counted, and nothing is said of it", () =>
      Effect.gen(function*() {
        yield* contended
        for (const command of everyCommand(newUser())) assertUncounted(yield* command)
        for (const url of everyQuery(newPicture())) assertUncounted(yield* get(url))
      }))
  }
)
