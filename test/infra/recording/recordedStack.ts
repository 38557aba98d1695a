import { Duration, Effect, Layer } from "effect"
import { CommandInbox } from "../../../src/commands/CommandInbox.ts"
import { Timestamp } from "../../../src/domain/ids.ts"
import { Draining } from "../../../src/platform/Draining.ts"
import { openEntry } from "../../../src/programs/stack/entry/entry.ts"
import { badTokens } from "../../http/contract/badTokens.ts"
import { texts } from "../../http/contract/texts.ts"
import { walks } from "../../http/contract/walks.ts"
import type { Part } from "../../http/Part.ts"
import { contract } from "../../http/suite.ts"
import { Target } from "../../http/Target.ts"
import { start } from "../../programs/program.ts"
import { makeIssuer, startService } from "../../programs/services.ts"
import { entryOf, freshEdit, freshPost } from "../../support/inboxEntries.ts"
import { developmentTestIssuer } from "../../support/TestIssuer.ts"
import type { CallRecorder } from "./makeCallRecorder.ts"
import { outcomeOf, RecordedSite, recordedSite } from "./recordedSite.ts"

// The first two send the requests of the others once more, with other texts, and page by page. Those of the third come no
// further than to who looks at tokens.
const leftOut: ReadonlyArray<Part> = [texts, walks, badTokens]

/** The parts of the contract whose calls are written down: all but a few, that add no call. A part that is added is recorded. */
export const recordedParts = contract.filter((part) => !leftOut.includes(part))

// Accepted so long ago that a sweeper looks after them.
const longAgo = Timestamp.make(Date.now() - 10 * 60_000)

/** Two commands that the inbox's stream has lost: one that will be done, one that will be rejected. */
const lost = Effect.gen(function*() {
  const commands = [freshPost(), freshEdit(freshPost().commentId, "To nobody")]
  yield* Effect.forEach(commands, (command) => CommandInbox.use((inbox) => inbox.accept(entryOf(command, longAgo))))
  return commands
})

/**
 * Both services and the poller behind one entry point, each in a process of its own; what each asks of DynamoDB is
 * written down.
 */
export const recordedStack = (recorder: CallRecorder) =>
  Layer.effect(
    Target,
    Effect.gen(function*() {
      const { environmentOf } = yield* RecordedSite
      const issuer = yield* makeIssuer
      const waiting = yield* lost
      const commands = yield* startService("command-service", issuer, environmentOf("command-service"))
      // The service sweeps up what was lost as it starts; the poller would be faster.
      yield* Effect.forEach(waiting, ({ commandId }) => outcomeOf(commandId))
      const queries = yield* startService("query-service", issuer, environmentOf("query-service"))
      const poller = yield* start("stream-poller.ts", {
        ...environmentOf("stream-poller"),
        // Most tests wait for what they wrote.
        POLL_INTERVAL: "20 millis",
        MANAGEMENT_PORT: "0",
        LOG_LEVEL: "none"
      })
      yield* poller.printed(/its management on .*\n/)
      const own = new URL(queries.target.url)
      const url = yield* openEntry({ host: "127.0.0.1", port: 0, shutdownTimeout: Duration.seconds(5) }, {
        commands: new URL(commands.target.url),
        queries: new URL(queries.target.url),
        own
      })
      return Target.of({ url, token: issuer.sign, issuer: developmentTestIssuer })
    })
  ).pipe(Layer.provide([recordedSite(recorder), Draining.layer]))
