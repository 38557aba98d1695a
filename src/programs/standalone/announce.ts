import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import type { StandaloneSettings } from "../../platform/StandaloneSettings.ts"
import { banner } from "./banner.ts"

/** Says that the program serves, and where. */
export const announce = Effect.fnUntraced(function*(settings: StandaloneSettings) {
  const { address } = yield* HttpServer.HttpServer
  yield* Console.log(banner(settings, address._tag === "UnixPathAddress" ? settings.port : address.port))
})
