import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Target } from "../http/Target.ts"
import { markersIn, newMarker } from "../support/markers.ts"
import { otlpReceiver } from "../support/otlpReceiver.ts"
import { builtService } from "./builtService.ts"
import { makeDataDirectory } from "./dataDirectory.ts"
import { patience, run, startStandalone } from "./program.ts"
import { makeIssuer, startService, untilReady } from "./services.ts"
import { asOne } from "./silence/asOne.ts"
import { assertSilent } from "./silence/assertSilent.ts"
import { everything, makePeople, textWith, until } from "./silence/everything.ts"
import { makeSite, silentMachines, startPoller } from "./silence/site.ts"

const signingKeyIn = (directory: string): string => {
  const file = readdirSync(directory, { encoding: "utf8", recursive: true })
    .find((name) => name.endsWith("development-signing-key.json")) ?? ""
  const key: unknown = JSON.parse(readFileSync(join(directory, file), "utf8"))
  return String(Object(key).d)
}

describe("What is looked for in a log", () => {
  it("is found in whatever shape it has, be it a part of it", () => {
    const text = newMarker()
    const found = (log: string) => assert.deepStrictEqual(markersIn(log, { text, other: newMarker() }), ["text"])
    found(`{"message":"${text}"}`)
    found(`the first ${text.slice(3, 15)} …`)
    found(JSON.stringify({ inner: JSON.stringify({ text: textWith(text) }) }))
    found(encodeURIComponent(textWith(text)))
    for (const before of ["", "a", "ab"]) found(Buffer.from(`${before}${text}"}`).toString("base64"))
    found(Buffer.from(textWith(text)).toString("hex"))
    assert.deepStrictEqual(markersIn("a log", { text }), [])
  })
})

describe("What the standalone program prints at LOG_LEVEL=trace", () => {
  it.live(
    "has no token, no key, nothing of what people wrote, and doesn't say who they are",
    () =>
      Effect.gen(function*() {
        const directory = yield* makeDataDirectory
        const program = yield* startStandalone({
          DATA_DIR: directory,
          LOG_LEVEL: "trace",
          LOG_FORMAT: "logfmt",
          CLIENT_ADDRESS_HEADER: "x-client-ip"
        })
        const marked = yield* Effect.gen(function*() {
          const marked = yield* makePeople
          yield* everything(marked)
          return marked
        }).pipe(Effect.provideService(Target, program.target))
        yield* program.kill("SIGTERM")
        const { code, stderr, stdout } = yield* program.ended
        assert.strictEqual(code, 0)
        assert.include(stderr, "token rejected")
        assertSilent(stderr + stdout, { ...marked, signingKey: signingKeyIn(directory) })
      }),
    patience
  )
})

describe.each(silentMachines)("What the services print at LOG_LEVEL=trace on %s", () => {
  it.live(
    "has no password, no token and nothing of what people wrote, whatever goes wrong, and nor have their traces",
    () =>
      Effect.gen(function*() {
        const site = yield* makeSite
        const { settings } = site
        const issuer = yield* makeIssuer
        const collector = yield* otlpReceiver
        const log = {
          LOG_LEVEL: "trace",
          CLIENT_ADDRESS_HEADER: "x-client-ip",
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
          OTEL_TRACES_SAMPLER_ARG: "1"
        }
        const service = Effect.fnUntraced(function*(
          name: "command-service" | "query-service",
          more: Readonly<Record<string, string>>
        ) {
          return yield* startService(name, issuer, { ...settings, ...log, ...more }, yield* builtService(name))
        })
        const [commands, queries, shutOut, poller] = yield* Effect.all([
          service("command-service", {}),
          service("query-service", { LOG_FORMAT: "logfmt" }),
          service("query-service", site.wrongPasswords),
          startPoller({ ...settings, ...log })
        ], { concurrency: "unbounded" })
        const both = yield* asOne(commands.target, queries.target)
        const marked = yield* Effect.provideService(makePeople, Target, both)
        yield* Effect.provideService(everything(marked), Target, both)
        yield* Effect.provideService(until("/users/somebody/comments", 503), Target, shutOut.target)
        const poison = newMarker()
        const misfit = newMarker()
        yield* site.poison(poison, misfit)
        yield* site.outages(both, marked.text)
        yield* untilReady(commands.management, true)

        const operators = (...args: ReadonlyArray<string>) =>
          Effect.flatMap(builtService("ops"), (file) => run(file, { ...settings, LOG_LEVEL: "trace" }, args))
        const [list, refused] = yield* Effect.all([
          operators("parked", "list"),
          Effect.flatMap(builtService("ops"), (file) =>
            run(file, { ...settings, ...site.wrongPasswords, LOG_LEVEL: "trace" }, ["parked", "list"]))
        ], { concurrency: 2 })
        const [told, outOfPlace] = yield* Effect.all([
          operators("parked", "list", "--json"),
          Effect.flatMap(builtService("query-service"), (file) =>
            run(file, { ...settings, ...site.misplaced }))
        ], { concurrency: 2 })
        assert.strictEqual(list.code, 0, list.stderr)
        assert.notStrictEqual(refused.code, 0)
        assert.strictEqual(outOfPlace.code, 1)
        // What is asked for as a whole is told as a whole, on standard output: this is where the text is.
        assert.include(told.stdout, misfit)

        for (const program of [commands, queries, shutOut, poller]) yield* program.kill("SIGTERM")
        const ended = yield* Effect.all([commands.ended, queries.ended, shutOut.ended, poller.ended])
        const all = [...ended, list, refused, outOfPlace].map(({ stderr, stdout }) => stdout + stderr)
        const printed = [...all, told.stderr].join("\n")
        for (
          const wanted of [
            /token rejected/,
            /WRONGPASS/,
            /password authentication failed/,
            /SQLSTATE 23514 \(brief\)/,
            /event store can't be reached/,
            /read model can't be reached/
          ]
        ) assert.match(printed, wanted)
        const secrets = { ...marked, ...site.secrets, poison, misfit }
        assertSilent(printed, secrets)
        const spans = JSON.stringify(yield* collector.batches)
        for (const wanted of ["ReadModel.page", "Projector.project"]) assert.include(spans, wanted)
        assertSilent(spans, secrets)
      }),
    patience
  )
})
