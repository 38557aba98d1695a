import { Effect } from "effect"
import process from "node:process"
import { vi } from "vitest"
import * as Logging from "../../src/platform/Logging.ts"

/** What an effect writes to standard error with the log that programs have; at LOG_LEVEL=none unless said otherwise. */
export const logged = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  { logFormat = "json", logLevel = "None" }: Partial<Parameters<typeof Logging.layer>[0]> = {}
) =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const written: Array<string> = []
      const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0)
      return { written, spy }
    }),
    ({ written }) =>
      effect.pipe(
        Effect.provide(Logging.layer({ logFormat, logLevel })),
        Effect.map(() => written.join(""))
      ),
    ({ spy }) => Effect.sync(() => spy.mockRestore())
  )
