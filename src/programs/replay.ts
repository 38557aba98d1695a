import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Arr from "effect/Array"
import * as Argument from "effect/cli/Argument"
import * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { createHash } from "node:crypto"
import { MarginaliaClient } from "../api/MarginaliaClient.ts"
import { comeBackLater } from "./replay/comeBackLater.ts"
import { lanes } from "./replay/lanes.ts"
import { readOperations } from "./replay/Operation.ts"
import { makeProgress } from "./replay/Progress.ts"
import { makeSend } from "./replay/send.ts"
import { developmentTokens } from "./replay/tokens.ts"
import { printing } from "./service/printing.ts"

const patientClient = Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, comeBackLater))

class SomeRefused extends Schema.TaggedError<SomeRefused>()("SomeRefused", { message: Schema.String }) {}

const replay = Command.make(
  "replay",
  {
    file: Argument.String("file").pipe(
      Argument.withDescription(
        "JSON lines: {\"op\":\"post\",\"ref\",\"picture\",\"author\",\"text\"}, {\"op\":\"edit\",\"ref\",\"author\",\"text\"} or {\"op\":\"delete\",\"ref\",\"author\"}"
      )
    ),
    url: Flag.String("url").pipe(
      Flag.withDescription("Where the server listens"),
      Flag.withSchema(Schema.String.check(Schema.isPattern(/^https?:\/\/\S+$/, { message: "an http or https URL" }))),
      Flag.withDefault("http://127.0.0.1:8080")
    ),
    concurrency: Flag.Int("concurrency").pipe(
      Flag.withDescription("How many pictures are worked on at once; each picture's operations stay in order"),
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 256 }))),
      Flag.withDefault(8)
    )
  },
  Effect.fnUntraced(function*({ concurrency, file, url }) {
    const operations = yield* readOperations(file)
    const tokenFor = yield* developmentTokens(url)
    const [first] = operations
    if (first !== undefined) yield* tokenFor(first.operation.author)
    const digest = createHash("sha256").update(JSON.stringify(operations)).digest("base64url").slice(0, 16)
    const send = makeSend(url, digest, tokenFor)
    const progress = makeProgress(operations.length)
    const started = yield* Clock.currentTimeMillis

    const sent = yield* Effect.forEach(
      lanes(operations),
      (lane) => Effect.forEach(lane, (operation) => Effect.tap(send(operation), progress.advance)),
      { concurrency }
    ).pipe(
      Effect.map(Arr.flatten),
      Effect.ensuring(progress.end),
      Effect.provide(MarginaliaClient.layer(url).pipe(Layer.provide(patientClient)))
    )

    const seconds = ((yield* Clock.currentTimeMillis) - started) / 1000
    const refused = sent.filter((one) => one._tag === "Refused").toSorted((a, b) => a.line - b.line)
    const replayed = sent.filter((one) => one._tag === "Done" && one.replayed).length
    yield* Console.log(
      `${sent.length - refused.length} done${
        replayed > 0 ? ` (${replayed} of them earlier)` : ""
      }, ${refused.length} refused, in ${seconds.toFixed(1)} s`
    )
    yield* Effect.forEach(refused, ({ line, reason }) => Console.log(`line ${line}: ${reason}`), { discard: true })
    if (refused.length > 0) return yield* new SomeRefused({ message: "Not everything was accepted." })
  })
).pipe(Command.withDescription("Send a file of operations to a running server"))

replay.pipe(
  Command.run({ version: "0.1.0" }),
  // Whoever is shown how it is used has been told why already.
  Effect.tapError((error) => CliError.isCliError(error) ? Effect.void : Console.error(error.message)),
  printing,
  Effect.provide([
    NodeServices.layer,
    FetchHttpClient.layer,
    CliOutput.layer(CliOutput.defaultFormatter({ colors: false }))
  ]),
  NodeRuntime.runMain({ disableErrorReporting: true })
)
