import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Clock, Console, Effect, Option, Schema } from "effect"
import { CliError, Command, Flag } from "effect/cli"
import { Target } from "../http/Target.ts"
import { probe } from "./probe.ts"
import { type Outcome, runSuite } from "./runSuite.ts"
import { readSpeakers } from "./Speaker.ts"

class SmokeFailed extends Schema.TaggedError<SmokeFailed>()("SmokeFailed", { message: Schema.String }) {}

const isOrigin = Schema.makeFilter((text: string) => URL.canParse(text) && /^https?:\/\/[^/?#]+\/?$/i.test(text), {
  message: "an http or https URL without a path"
})

const token = (name: string, description: string) => Flag.String(name).pipe(Flag.withDescription(description))
const optionalToken = (name: string, description: string) =>
  token(name, description).pipe(Flag.optional, Flag.map(Option.getOrUndefined))

const flags = {
  url: Flag.String("url").pipe(
    Flag.withDescription("The deployment's entry point, such as https://api.example.com"),
    Flag.withSchema(Schema.String.check(isOrigin))
  ),
  token: token(
    "token",
    "A bearer token that allows writing, and not moderating. Comments are written in the name of its sub"
  ),
  others: token("other-token", "The same of another user, for what needs two; may be given more than once").pipe(
    Flag.atLeast(0)
  ),
  moderator: optionalToken("moderator-token", "A token of another user still, that allows writing and moderating"),
  reading: optionalToken("reading-token", "A token of the same user as --token, that allows neither")
}

/** What was left out, the names under the reason that they share. */
const tellLeftOut = Effect.fnUntraced(function*({ leftOut }: Outcome) {
  if (leftOut.length === 0) return yield* Console.log("Nothing was left out.")
  yield* Console.log(`\n${leftOut.length} of the suite's tests were LEFT OUT:`)
  for (const [reason, tests] of Map.groupBy(leftOut, ({ reason }) => reason)) {
    yield* Console.log(`\n  ${reason} (${tests.length})`)
    for (const { name } of tests) yield* Console.log(`    - ${name}`)
  }
})

const smoke = Command.make(
  "smoke",
  flags,
  Effect.fnUntraced(function*({ url: given, ...tokens }) {
    const url = given.replace(/\/$/, "")
    const speakers = yield* readSpeakers(tokens, yield* Clock.currentTimeMillis)
    yield* Effect.provideService(probe(speakers), Target, { url, token: () => Effect.succeed(tokens.token) })
    const [{ subject }] = speakers.writers
    yield* Console.log(
      `The HTTP suite runs against ${url}. It writes as ${subject}, on pictures that nobody knows the names of ("picture-" ` +
        "and a random UUID), and leaves hundreds of comments behind."
    )
    const outcome = yield* runSuite(url, speakers)
    yield* tellLeftOut(outcome)
    yield* Console.log(
      `\n${outcome.passed} passed, ${outcome.failed} failed, ${outcome.leftOut.length} left out. The comments are still there.`
    )
    if (!outcome.good) return yield* new SmokeFailed({ message: "The deployment doesn't keep the contract." })
  })
).pipe(
  Command.withDescription(
    "Run the suite of the HTTP contract against a deployment. What the tokens at hand don't allow is left out, and told."
  )
)

smoke.pipe(
  Command.run({ version: "0.1.0" }),
  // Whoever is shown how it is used has been told why already.
  Effect.tapError((error) => CliError.isCliError(error) ? Effect.void : Console.error(error.message)),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain({ disableErrorReporting: true })
)
