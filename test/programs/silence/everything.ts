import { Effect, Schedule } from "effect"
import { randomUUID } from "node:crypto"
import { laterUnder, locationOf, outcomeOf } from "../../http/accepted.ts"
import { assertStatus } from "../../http/assertAnswer.ts"
import { command, commentOf, edit, moderate, post, remove, tokenOf } from "../../http/comments.ts"
import { exchange } from "../../http/exchange.ts"
import { after, commentUrl, get, historyUrl, pageUrl, userUrl } from "../../http/queries.ts"
import { Target } from "../../http/Target.ts"
import { newMarker } from "../../support/markers.ts"

/** What people write, who they are and what they write about, each to be recognised wherever it comes out. */
export const makePeople = Effect.gen(function*() {
  const { token } = yield* Target
  const author = `author-${newMarker()}`
  const bearer = yield* token(author, "comments:write")
  const [, claims = "", signature = ""] = bearer.split(".")
  return {
    author,
    picture: `picture-${newMarker()}`,
    text: newMarker(),
    edited: newMarker(),
    refused: newMarker(),
    malformed: newMarker(),
    later: newMarker(),
    key: newMarker(),
    // Of the documentation's own (RFC 5737): nobody comes from there.
    address: "203.0.113.77",
    claims,
    signature
  }
})
export type Marked = Effect.Success<typeof makePeople>

/** A text that has to be written otherwise in JSON and in a URL, around a marker. */
export const textWith = (marker: string) => `"Ünlike" \\ ${marker}\n& <more> 🌅`

/**
 * Everything that people do, at once with what they do wrong: posts, edits and deletions, at once and later, replays, what
 * breaks a rule, what isn't JSON, and tokens that aren't good. Leaves a comment behind, and gives its id.
 */
export const everything = Effect.fnUntraced(function*(marked: Marked) {
  const { author, edited, key, later, malformed, picture, refused, text } = marked
  const under = { headers: { "idempotency-key": key } }
  const first = assertStatus(yield* post(picture, author, textWith(text), under), 201)
  assertStatus(yield* post(picture, author, textWith(text), under), 201)
  assertStatus(yield* post(picture, author, textWith(refused), under), 422)
  const { id } = commentOf(first)
  const change = assertStatus(yield* edit(id, author, textWith(edited)), 200)
  assertStatus(yield* edit(id, `other-${author}`, refused), 403)
  assertStatus(yield* edit(id, author, refused, { headers: { "if-match": "\"7\"" } }), 412)
  assertStatus(yield* edit(randomUUID(), author, refused), 404)
  assertStatus(yield* post(picture, author, `${refused} `.repeat(1000)), 422)
  assertStatus(yield* post(picture, author, `${refused}\u0007`), 422)
  const send = (body: string) => command({ method: "POST", path: pageUrl(picture), body, by: author })
  assertStatus(yield* send(`{"text":"${malformed}`), 400)
  assertStatus(yield* send(JSON.stringify({ text: malformed, [malformed]: malformed })), 422)
  assertStatus(yield* send(JSON.stringify([malformed])), 422)
  const { token } = yield* Target
  const good = yield* token(author, "comments:write")
  for (const bad of [`${good}x`, good.slice(0, -9), `${good}.${good}`, good.split(".").slice(0, 2).join(".") + "."]) {
    const headers = { authorization: `Bearer ${bad}`, "content-type": "application/json" }
    assertStatus(yield* exchange({ method: "POST", path: pageUrl(picture), headers, body: "{}" }), 401)
  }
  assertStatus(
    yield* exchange({ method: "GET", path: `/commands/${randomUUID()}`, headers: { authorization: good } }),
    401
  )
  const pending = yield* post(picture, author, textWith(later), { headers: laterUnder(`later-${key}`) })
  const done = yield* outcomeOf(locationOf(pending), author)
  const lost = yield* edit(randomUUID(), author, refused, { headers: laterUnder(`lost-${key}`) })
  yield* outcomeOf(locationOf(lost), author)
  const seen = after(tokenOf(change))
  assertStatus(yield* get(pageUrl(picture, "?order=oldest&limit=1"), seen), 200)
  assertStatus(yield* get(pageUrl(picture, `?cursor=${refused}`)), 400)
  assertStatus(yield* get(userUrl(author), { "x-client-ip": marked.address }), 200)
  assertStatus(yield* get(commentUrl(id), after(`${refused}.${refused}`)), 400)
  assertStatus(yield* get(historyUrl(id), { authorization: `Bearer ${good}`, ...seen }), 200)
  const judge = yield* token(author, moderate)
  assertStatus(yield* get(historyUrl(id), { authorization: `Bearer ${judge}`, ...seen }), 200)
  assertStatus(yield* remove(id, author), 204)
  assertStatus(yield* get(pageUrl(picture), after(done.token ?? "")), 200)
})

/** Asks until the answer is of a status. */
export const until = (path: string, status: number) =>
  Effect.repeat(get(path), { schedule: Schedule.spaced("20 millis"), until: (reply) => reply.status === status })
