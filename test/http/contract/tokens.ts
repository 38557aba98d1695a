import { assert, describe } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { newPicture } from "../comments.ts"
import { exchange, jsonOf } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { newUser } from "../people.ts"
import { pageUrl } from "../queries.ts"

const ask = (body: string) =>
  exchange({ method: "POST", path: "/dev/token", body, headers: { "content-type": "application/json" } })

const decodeAnswer = Schema.decodeUnknownSync(Schema.Struct({ token: Schema.NonEmptyString }), {
  onExcessProperty: "error"
})

const tryToPost = (token: string) =>
  exchange({
    method: "POST",
    path: pageUrl(newPicture()),
    body: "{\"text\":\"text\"}",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }
  })

/** Flips a bit of the character at a place, within the alphabet. */
const altered = (token: string, at: number): string =>
  `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`

export const developmentTokens: Part = (it) =>
  describe("Development tokens", () => {
    it.effect("are signed for whoever asks, and good for writing unless asked for something else", () =>
      Effect.gen(function*() {
        const sub = newUser()
        const reply = assertStatus(yield* ask(JSON.stringify({ sub })), 200)
        assert.strictEqual(reply.headers["cache-control"], "no-store")
        assertStatus(yield* tryToPost(decodeAnswer(jsonOf(reply)).token), 201)
        const readOnly = decodeAnswer(jsonOf(yield* ask(JSON.stringify({ sub, scope: "" }))))
        assertProblem(yield* tryToPost(readOnly.token), 403, "insufficient-scope")
      }))

    it.effect("are verified as a real one is: nothing that was changed in them goes through", () =>
      Effect.gen(function*() {
        const { token } = decodeAnswer(jsonOf(yield* ask(JSON.stringify({ sub: newUser() }))))
        const [header = "", payload = "", signature = ""] = token.split(".")
        const unsigned = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url")
        const claims = Buffer.from(payload, "base64url").toString().replace(
          "comments:write",
          "comments:moderate comments:write"
        )
        const forged = [
          `${header}.${payload}.`,
          `${unsigned}.${payload}.`,
          `${header}.${Buffer.from(claims).toString("base64url")}.${signature}`,
          altered(token, header.length + 3),
          altered(token, token.length - 10),
          `${token}.x`,
          "x".repeat(9000)
        ]
        for (const wrong of forged) assertProblem(yield* tryToPost(wrong), 401, "unauthorized")
      }))

    it.effect("are refused for what can't be an author or a scope, with all faults at once: 422", () =>
      Effect.gen(function*() {
        const { errors } = assertProblem(
          yield* ask("{\"sub\":\"\",\"scope\":\"a\\\"b\",\"exp\":1}"),
          422,
          "invalid-request"
        )
        assert.sameMembers(errors.map(({ pointer }) => pointer), ["/sub", "/scope", "/exp"])
        for (
          const body of [
            "{}",
            "[]",
            "{\"sub\":1}",
            "{\"sub\":\"a\\u0000b\"}",
            "{\"sub\":\"\\ud800\"}",
            "{\"sub\":\"a\\u0085b\"}",
            "{\"sub\":\"a\\u007fb\"}",
            "{\"sub\":[\"ana\"]}",
            "{\"sub\":\"ana\",\"scope\":\"a\\tb\"}",
            "{\"sub\":\"ana\",\"scope\":[\"comments:write\"]}",
            `{"sub":"ana","scope":"${"x".repeat(1001)}"}`,
            `{"sub":"${"x".repeat(256)}"}`
          ]
        ) {
          assertProblem(yield* ask(body), 422, "invalid-request")
        }
      }))

    it.effect("are asked for in JSON", () =>
      Effect.gen(function*() {
        assertProblem(yield* ask("{"), 400, "malformed-request")
        const long = JSON.stringify({ sub: newUser(), scope: "x".repeat(70_000) })
        assertProblem(yield* ask(long), 413, "content-too-large")
        const form = { method: "POST", path: "/dev/token", body: "sub=ana" }
        assertProblem(yield* exchange(form), 415, "unsupported-media-type")
        assertProblem(yield* exchange({ method: "GET", path: "/dev/token" }), 405, "method-not-allowed")
      }))
  })
