import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { assertStatus } from "../http/assertAnswer.ts"
import { bearer, type CommentJson, commentOf, edit, newKey, newPicture, post, tokenOf } from "../http/comments.ts"
import { newUser } from "../http/people.ts"
import { after, commentUrl, countUrl, get, historyOf, historyUrl, pageUrl, walk } from "../http/queries.ts"
import { Target } from "../http/Target.ts"
import { makeDataDirectory } from "./dataDirectory.ts"
import { patience, startStandalone } from "./program.ts"

/** How many commands are acknowledged before each kill. */
const acknowledgedBeforeKill = 60

/** A command that has been sent; the answer is there once it came. */
interface Sent {
  readonly text: string
  readonly key: string
  answer: { readonly comment: CommentJson; readonly token: string } | undefined
}

/** Posts a comment and edits it three times, over and over, and keeps what it was told. */
const makeWriter = (picture: string) => {
  const author = newUser()
  /** For each comment its post and its edits. Only the last command of all may be without an answer. */
  const comments: Array<Array<Sent>> = []

  // The command that was never answered, again under its key, or else the next.
  const next = (): Sent => {
    const last = comments.at(-1)?.at(-1)
    if (last !== undefined && last.answer === undefined) return last
    if ((comments.at(-1)?.length ?? 4) === 4) comments.push([])
    const current = comments.at(-1) ?? []
    const sent: Sent = { text: `${comments.length}.${current.length}`, key: newKey(), answer: undefined }
    current.push(sent)
    return sent
  }

  const write = Effect.gen(function*() {
    const sent = next()
    const headers = { headers: { "idempotency-key": sent.key } }
    const id = comments.at(-1)?.[0]?.answer?.comment.id
    const reply = id === undefined
      ? assertStatus(yield* post(picture, author, sent.text, headers), 201)
      : assertStatus(yield* edit(id, author, sent.text, headers), 200)
    sent.answer = { comment: commentOf(reply), token: tokenOf(reply) }
  })

  return { author, comments, write }
}

describe("The standalone program, killed in the middle of its work", () => {
  it.live(
    "has everything that it acknowledged, and nothing twice, however often that happens",
    () =>
      Effect.gen(function*() {
        const directory = yield* makeDataDirectory
        const picture = newPicture()
        const writers = Array.from({ length: 4 }, () => makeWriter(picture))
        let early: { readonly authorization: string } | undefined

        for (let kill = 0; kill < 3; kill++) {
          yield* Effect.scoped(Effect.gen(function*() {
            const { kill: send, ended, target } = yield* startStandalone({ DATA_DIR: directory, TMPDIR: directory })
            const enough = yield* Deferred.make<void>()
            let acknowledged = 0
            const count = Effect.suspend(() => {
              acknowledged++
              return acknowledged === acknowledgedBeforeKill ? Deferred.succeed(enough, undefined) : Effect.void
            })
            yield* Effect.gen(function*() {
              early ??= yield* bearer(writers[0]?.author ?? "")
              const working = yield* Effect.forEach(writers, ({ write }) =>
                Effect.forkChild(Effect.forever(Effect.andThen(write, count))))
              yield* Deferred.await(enough)
              yield* send("SIGKILL")
              assert.strictEqual((yield* ended).signal, "SIGKILL")
              for (const fiber of working) {
                assert.strictEqual((yield* Effect.flip(Fiber.join(fiber)))._tag, "Unanswered")
              }
            }).pipe(Effect.provideService(Target, target))
          }))
        }

        const { target } = yield* startStandalone({ DATA_DIR: directory, TMPDIR: directory })
        yield* Effect.gen(function*() {
          for (const writer of writers) {
            // What was sent last and never answered is sent again, and is now there, once.
            if (writer.comments.at(-1)?.at(-1)?.answer === undefined) {
              yield* writer.write
            }
            const author = yield* bearer(writer.author)
            for (const commands of writer.comments) {
              const last = commands.at(-1)?.answer
              assert(last !== undefined)
              const seen = { ...author, ...after(last.token) }
              assert.deepStrictEqual(commentOf(yield* get(commentUrl(last.comment.id), seen)), last.comment)
              const { items } = historyOf(yield* get(historyUrl(last.comment.id), seen))
              assert.deepStrictEqual(
                items.map(({ text }) =>
                  text
                ),
                commands.map(({ text }) => text)
              )
            }
          }
          const all = writers.flatMap(({ comments }) => comments.map(([first]) => first?.answer?.comment.id))
          const shown = (yield* walk(pageUrl(picture), "", 100)).flat().map(({ id }) => id)
          assert.sameMembers(shown, all)
          assert.strictEqual(shown.length, all.length)
          assert.include((yield* get(countUrl(picture))).text, `"count":${all.length}}`)

          const first = writers[0]?.comments[0]?.[0]?.answer?.comment.id ?? ""
          assertStatus(yield* get(historyUrl(first), early), 200)
        }).pipe(Effect.provideService(Target, target))
      }),
    patience
  )
})
