import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { Draining } from "../../platform/Draining.ts"
import type { SettingRefused } from "../../platform/settings.ts"
import { exitCode, explain } from "./ending.ts"
import { orHelp } from "./help.ts"
import { Management } from "./Management.ts"
import { printing } from "./printing.ts"
import { urlOf } from "./server.ts"

/** Says where it listens, and serves until the program is told to end. */
export const serveUntilTold = Effect.fnUntraced(function*<E, R>(
  name: string,
  host: string,
  service: Layer.Layer<HttpServer.HttpServer | Management | Draining, E, R>
) {
  const running = yield* Layer.build(service)
  const url = urlOf(Context.get(running, HttpServer.HttpServer), host)
  yield* Console.log(`The ${name} listens on ${url}, its management on ${Context.get(running, Management).url}.`)
  yield* Effect.addFinalizer(() => Context.get(running, Draining).begin)
  return yield* Effect.never
}, Effect.scoped)

/** A program, and how it is known. */
export interface Program<E> {
  readonly name: string
  /** Reads its settings. */
  readonly settings: Effect.Effect<unknown, SettingRefused>
  readonly run: Effect.Effect<void, E>
}

/** Runs a program to its end: 0 when it was told to, 1 with a sentence when it can't start or go on. Or explains it. */
export const runMain = <E>({ name, run, settings }: Program<E>): void =>
  NodeRuntime.runMain(printing(explain(orHelp(name, settings, run))), {
    disableErrorReporting: true,
    teardown: exitCode
  })
