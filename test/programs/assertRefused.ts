import { assert } from "@effect/vitest"
import type { Ended } from "./program.ts"

/** It ended because it could not start, and said why in one sentence and nothing else. */
export const assertRefused = ({ code, signal, stderr, stdout }: Ended, why: RegExp): void => {
  assert.deepStrictEqual({ code, signal, stdout }, { code: 1, signal: null, stdout: "" })
  assert.match(stderr, /^[A-Z][^\n]*\.\n$/, "one line, a sentence")
  assert.match(stderr, why)
  assert.notMatch(stderr, /\bat |Error:|\.ts\b|Tag|Cause/)
}
