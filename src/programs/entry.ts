import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { DevelopmentTokens } from "../platform/DevelopmentTokens.ts"
import { Draining } from "../platform/Draining.ts"
import { type EntrySettings, readEntrySettings } from "../platform/EntrySettings.ts"
import * as Logging from "../platform/Logging.ts"
import { runMain } from "./service/service.ts"
import { untraced } from "./service/untraced.ts"
import { openEntry } from "./stack/entry/entry.ts"
import { OwnServer, ReadinessAddresses } from "./stack/own.ts"

// A part is called as its address calls it.
const partsOf = ({ readiness }: EntrySettings) => {
  const addresses = new Map(readiness.map((url) => [url.hostname, url.href]))
  return { parts: Array.from(addresses.keys()), addressOf: (part: string) => addresses.get(part) }
}

const program = Effect.gen(function*() {
  const settings = yield* readEntrySettings
  const own = OwnServer.layer(settings.management).pipe(
    Layer.provide([
      DevelopmentTokens.layer(settings.keys ?? null),
      Layer.succeed(ReadinessAddresses, partsOf(settings))
    ]),
    Layer.provideMerge(Draining.layer),
    Layer.provide([NodeServices.layer, Logging.layer(settings), untraced])
  )
  const running = yield* Layer.build(own)
  const management = Context.get(running, OwnServer)
  const { commands, queries } = settings
  const url = yield* openEntry(settings, { commands, queries, own: new URL(management.url) }).pipe(
    Effect.provideContext(running)
  )
  yield* Console.log(`The entry listens on ${url}, the keys of its tokens are at ${management.jwksUrl}.`)
  return yield* Effect.never
}).pipe(Effect.scoped)

/**
 * The single entry point before both services for containers on one machine: it routes as API Gateway does on AWS, and
 * issues development tokens. Not for where anybody may come.
 */
if (import.meta.main) runMain({ name: "entry point", settings: readEntrySettings, run: program })
