import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schedule, Schema } from "effect"
import { spawnSync } from "node:child_process"
import { encodeConsistencyToken } from "../../src/api/ConsistencyToken.ts"
import { AuthorId, CommentId, PictureId } from "../../src/domain/ids.ts"
import { assertStatus } from "../http/assertAnswer.ts"
import { bearer, commentOf, posted } from "../http/comments.ts"
import { after, commentUrl, get, pageOf, pageUrl } from "../http/queries.ts"
import { connect, repliesIn } from "../http/rawConnection.ts"
import { Target } from "../http/Target.ts"
import { makeDataDirectory } from "./dataDirectory.ts"
import { patience, startStandalone } from "./program.ts"
import { refusesConnections } from "./refusesConnections.ts"

const sh = (line: string) =>
  Effect.sync(() => {
    const { status, stderr, stdout } = spawnSync("sh", ["-c", line], { encoding: "utf8" })
    assert.strictEqual(status, 0, stderr)
    return stdout
  })

const printedLine = (banner: string, label: string): string =>
  new RegExp(`^ *${label} +(.*)$`, "m").exec(banner)?.[1] ?? ""

const decodeToken = Schema.decodeSync(Schema.fromJsonString(Schema.Struct({ token: Schema.NonEmptyString })))

describe("The standalone program as a process", () => {
  it.live(
    "says where it listens, where its data lies, how to get a token, and a line to try that works",
    () =>
      Effect.gen(function*() {
        const directory = yield* makeDataDirectory
        const { banner, ended, kill, target } = yield* startStandalone({ DATA_DIR: directory, LOG_LEVEL: "info" })
        assert.match(banner, /Marginalia listens on http:\/\/127\.0\.0\.1:\d+\n/)
        assert.include(banner, `Its data lies in ${directory}\n`)
        assert.strictEqual(printedLine(banner, "Documentation"), `${target.url}/docs`)
        // curl knows --json only since 7.82, and long-lived systems have an older one.
        assert.notInclude(banner, "--json")
        const { token } = decodeToken(yield* sh(printedLine(banner, "A token for ana")))
        const comment = commentOf({ status: 201, headers: {}, text: yield* sh(printedLine(banner, "A first comment")) })
        assert.deepInclude(comment, { pictureId: "sunset-42", authorId: "ana", text: "What a light!" })
        yield* get(`${commentUrl(comment.id)}/history`, { authorization: `Bearer ${token}` }).pipe(
          Effect.repeat({ schedule: Schedule.spaced("20 millis"), until: ({ status }) => status !== 404 }),
          Effect.map((reply) => assertStatus(reply, 200)),
          Effect.provideService(Target, target)
        )
        yield* kill("SIGTERM")
        const { stderr, stdout } = yield* ended
        assert.strictEqual(stdout, banner)
        for (const line of stderr.trimEnd().split("\n")) {
          assert.isObject(JSON.parse(line), "the log is JSON, line by line")
        }
      }),
    patience
  )

  it.live(
    "finishes what is in flight when it is told to end, takes nothing new, and ends with 0",
    () =>
      Effect.gen(function*() {
        const directory = yield* makeDataDirectory
        const { ended, kill, target } = yield* startStandalone({ DATA_DIR: directory })
        const comment = yield* Effect.gen(function*() {
          const { authorId, id, pictureId } = yield* posted()
          const second = encodeConsistencyToken({
            commentId: CommentId.make(id),
            version: 2,
            pictureId: PictureId.make(pictureId),
            authorId: AuthorId.make(authorId)
          })
          const waiting = yield* Effect.forkChild(get(commentUrl(id), after(second)))
          const { authorization } = yield* bearer(authorId)
          const { until, write } = yield* connect
          yield* write(
            `PATCH ${commentUrl(id)} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n` +
              "Content-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"text\""
          )
          yield* get("/health/live")
          yield* kill("SIGTERM")
          yield* refusesConnections
          yield* write(":\"late\"}")
          const [edited] = repliesIn(yield* until((received) => repliesIn(received).length > 0))
          assert(edited !== undefined)
          assert.deepInclude(commentOf(assertStatus(edited, 200)), { text: "late", version: 2 })
          const seen = yield* Fiber.join(waiting)
          assert.strictEqual(commentOf(assertStatus(seen, 200)).text, "late")
          for (const { headers } of [edited, seen]) assert.strictEqual(headers["connection"], "close")
          return { id, pictureId }
        }).pipe(Effect.provideService(Target, target))
        assert.deepInclude(yield* ended, { code: 0, signal: null, stderr: "" })

        const again = yield* startStandalone({ DATA_DIR: directory })
        const { items } = pageOf(yield* Effect.provideService(get(pageUrl(comment.pictureId)), Target, again.target))
        assert.deepStrictEqual(items.map(({ id, text }) => ({ id, text })), [{ id: comment.id, text: "late" }])
      }),
    patience
  )
})
