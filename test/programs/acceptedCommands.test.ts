import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { doneOf, laterUnder, locationOf, outcomeOf } from "../http/accepted.ts"
import { bearer, newKey, newPicture, post } from "../http/comments.ts"
import type { Reply } from "../http/exchange.ts"
import { newUser } from "../http/people.ts"
import { after, get, pageOf, pageUrl } from "../http/queries.ts"
import { Target } from "../http/Target.ts"
import { makeDataDirectory } from "./dataDirectory.ts"
import { patience, startStandalone } from "./program.ts"

/** How many commands are accepted before the program is killed. */
const acceptedBeforeKill = 40

describe("Commands that the standalone program accepted to decide later", () => {
  it.live(
    "are decided after a kill, each once, by the program that is started next",
    () =>
      Effect.gen(function*() {
        const directory = yield* makeDataDirectory
        const [picture, ana] = [newPicture(), newUser()]
        const accepted: Array<{ readonly text: string; readonly key: string; readonly reply: Reply }> = []

        yield* Effect.scoped(Effect.gen(function*() {
          const { ended, kill, target } = yield* startStandalone({ DATA_DIR: directory })
          yield* Effect.gen(function*() {
            const enough = yield* Deferred.make<void>()
            yield* bearer(ana)
            let sent = 0
            const send = Effect.gen(function*() {
              const [text, key] = [`text ${sent++}`, newKey()]
              const reply = yield* post(picture, ana, text, { headers: laterUnder(key) })
              locationOf(reply)
              accepted.push({ text, key, reply })
              if (accepted.length >= acceptedBeforeKill) yield* Deferred.succeed(enough, undefined)
            })
            const senders = yield* Effect.forEach(
              Array.from({ length: 16 }, () => send),
              (send) => Effect.forkChild(Effect.forever(send))
            )
            yield* Deferred.await(enough)
            yield* kill("SIGKILL")
            assert.strictEqual((yield* ended).signal, "SIGKILL")
            for (const sender of senders) yield* Fiber.await(sender)
          }).pipe(Effect.provideService(Target, target))
        }))

        const { target } = yield* startStandalone({ DATA_DIR: directory })
        yield* Effect.gen(function*() {
          let token = ""
          for (const { key, reply, text } of accepted) {
            const { result, status } = yield* outcomeOf(locationOf(reply), ana)
            assert.strictEqual(status, "done")
            assert.strictEqual(result?.comment?.text, text)
            token = result?.consistencyToken ?? ""
            const again = yield* post(picture, ana, text, { headers: laterUnder(key) })
            assert.deepStrictEqual((yield* doneOf(again, ana)).comment, result?.comment)
          }
          const shown = pageOf(yield* get(`${pageUrl(picture)}?limit=100`, after(token))).items.map(({ text }) => text)
          assert.includeMembers(shown, accepted.map(({ text }) => text))
          assert.strictEqual(new Set(shown).size, shown.length)
        }).pipe(Effect.provideService(Target, target))
      }),
    patience
  )
})
