import { assert, describe } from "@effect/vitest"
import { Effect, Schedule, Schema } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assertStatus } from "../http/assertAnswer.ts"
import { bearer, moderate, newPicture, posted } from "../http/comments.ts"
import { jsonOf } from "../http/exchange.ts"
import type { Part } from "../http/Part.ts"
import { after, countUrl, get, historyOf, historyUrl, pageOf, pageUrl, userUrl } from "../http/queries.ts"
import { Target } from "../http/Target.ts"
import { makeFolder } from "./dataDirectory.ts"
import { patience, run } from "./program.ts"

/** A file of operations. */
export const fixture = fileURLToPath(new URL("../fixtures/comments.jsonl", import.meta.url))

const decodeLine = Schema.decodeSync(Schema.fromJsonString(Schema.Struct({
  op: Schema.Literals(["post", "edit", "delete"]),
  ref: Schema.String,
  author: Schema.String,
  picture: Schema.optionalKey(Schema.String),
  text: Schema.optionalKey(Schema.String)
})))

interface Folded {
  readonly picture: string
  readonly author: string
  readonly texts: Array<string>
  deleted: boolean
}

/** What the file says, folded by hand: nothing of the program is used for it. */
const fold = (file: string): ReadonlyArray<Folded> => {
  const comments = new Map<string, Folded>()
  for (const line of readFileSync(file, "utf8").split("\n").filter((json) => json !== "")) {
    const { author, op, picture = "", ref, text = "" } = decodeLine(line)
    const kept = text.split("\r\n").join("\n").normalize("NFC").replace(/^\s+|\s+$/g, "")
    const comment = comments.get(ref)
    if (op === "post") comments.set(ref, { picture, author, texts: [kept], deleted: false })
    else if (op === "delete" && comment !== undefined) comment.deleted = true
    else if (comment !== undefined && comment.texts.at(-1) !== kept) comment.texts.push(kept)
  }
  return Array.from(comments.values())
}

const folded = fold(fixture)
const visible = folded.filter(({ deleted }) => !deleted)
const pictures = new Set(folded.map(({ picture }) => picture))
const authors = new Set(folded.map(({ author }) => author))

/** Replays to the server that is being tested. */
export const replay = Effect.fnUntraced(function*(...args: ReadonlyArray<string>) {
  const { url } = yield* Target
  return yield* run("replay.ts", {}, [...args, "--url", url])
})

/** Ids and times are the server's own. */
const described = (
  items: ReadonlyArray<{ readonly authorId: string; readonly text: string; readonly version: number }>
) => items.map(({ authorId, text, version }) => `${authorId} ${version} ${text}`).toSorted()

const expected = (comments: ReadonlyArray<Folded>) =>
  described(
    comments.map(({ author, texts }) => ({ authorId: author, text: texts.at(-1) ?? "", version: texts.length }))
  )

const assertFolded = Effect.gen(function*() {
  const moderator = yield* bearer("mo", moderate)
  yield* Effect.forEach(pictures, (picture) =>
    Effect.gen(function*() {
      const comments = visible.filter((comment) => comment.picture === picture)
      const { count, items } = pageOf(yield* get(pageUrl(picture, "?order=oldest&limit=100")))
      assert.deepStrictEqual(described(items), expected(comments))
      assert.strictEqual(count, comments.length)
      assert.deepStrictEqual(jsonOf(yield* get(countUrl(picture))), { pictureId: picture, count })
      for (const { authorId, id, text } of items) {
        const history = historyOf(yield* get(historyUrl(id), moderator)).items
        const texts = comments.find((comment) => comment.author === authorId && comment.texts.at(-1) === text)?.texts
        assert.deepStrictEqual(history.map((entry) => entry.text), texts)
      }
    }), { concurrency: 8, discard: true })
  yield* Effect.forEach(authors, (author) =>
    Effect.gen(function*() {
      const { items } = pageOf(yield* get(userUrl(author, "?limit=100")))
      assert.deepStrictEqual(described(items), expected(visible.filter((comment) => comment.author === author)))
    }), { concurrency: 8, discard: true })
})

/** What has been written becomes visible a little later, and not always in its order. */
const eventually = <E, R>(check: Effect.Effect<void, E, R>) =>
  check.pipe(
    Effect.catchDefect(Effect.fail),
    Effect.retry({ schedule: Schedule.spaced("50 millis"), times: 400 }),
    Effect.orDie
  )

/** Something that was written later is visible. */
const caughtUp = Effect.gen(function*() {
  const { pictureId, token } = yield* posted()
  assertStatus(yield* get(pageUrl(pictureId), after(token)), 200)
})

/** Everything that queries show of the file's pictures, ids and times too. */
const everything = Effect.forEach(
  pictures,
  (picture) => Effect.map(get(pageUrl(picture, "?limit=100")), ({ text }) => text)
)

const line = (operation: Readonly<Record<string, unknown>>): string => `${JSON.stringify(operation)}\n`

export const replaying: Part = (it) =>
  describe("Replaying a file of operations", () => {
    it.effect(
      "leaves what folding it by hand gives, and nothing new when it is repeated",
      () =>
        Effect.gen(function*() {
          assert.isAbove(visible.length, 30)
          const first = yield* replay(fixture)
          assert.match(first.stdout, /^49 done, 0 refused, in \d+\.\d s\n$/)
          assert.strictEqual(first.code, 0)
          assert.match(first.stderr, /^(?:\[[█░]{30}\] \d+\/49\n)+$/)
          assert.match(first.stderr, /\[█{30}\] 49\/49\n$/)
          yield* eventually(assertFolded)

          const before = yield* everything
          const second = yield* replay(fixture, "--concurrency", "1")
          assert.match(second.stdout, /^49 done \(49 of them earlier\), 0 refused, in \d+\.\d s\n$/)
          yield* caughtUp
          assert.deepStrictEqual(yield* everything, before)
          yield* assertFolded
        }),
      patience
    )

    it.effect("refuses a malformed file as a whole, and names the line", () =>
      Effect.gen(function*() {
        const picture = newPicture()
        const file = join(yield* makeFolder, "operations.jsonl")
        writeFileSync(file, `${line({ op: "post", ref: "a", picture, author: "ana", text: "text" })}{"op":\n`)
        const { code, stderr, stdout } = yield* replay(file)
        assert.deepStrictEqual({ code, stdout }, { code: 1, stdout: "" })
        assert.strictEqual(stderr, `${file}, line 2: Expected a valid JSON string\n`)
        yield* caughtUp
        assert.include((yield* get(countUrl(picture))).text, "\"count\":0")
      }), patience)

    it.effect("tells which lines the server refused, and why, and does the others", () =>
      Effect.gen(function*() {
        const picture = newPicture()
        const file = join(yield* makeFolder, "operations.jsonl")
        writeFileSync(
          file,
          line({ op: "post", ref: "a", picture, author: "ana", text: "text" }) +
            line({ op: "edit", ref: "a", author: "eve", text: "mine" }) +
            line({ op: "post", ref: "b", picture, author: "ana", text: " " }) +
            line({ op: "edit", ref: "b", author: "ana", text: "text" }) +
            line({ op: "edit", ref: "a", author: "ana", text: "edited" })
        )
        const { code, stderr, stdout } = yield* replay(file)
        assert.strictEqual(code, 1)
        const [summary, ...refusals] = stdout.trimEnd().split("\n")
        assert.match(summary ?? "", /^2 done, 3 refused, in /)
        assert.match(refusals[0] ?? "", /^line 2: .*author/)
        assert.match(refusals[1] ?? "", /^line 3: \/text must not be empty/)
        assert.match(refusals[2] ?? "", /^line 4: b was not posted$/)
        assert.strictEqual(refusals.length, 3)
        assert.match(stderr, /Not everything was accepted\.\n$/)
        yield* eventually(Effect.gen(function*() {
          assert.deepStrictEqual(pageOf(yield* get(pageUrl(picture))).items.map(({ text }) => text), ["edited"])
        }))
      }), patience)
  })
