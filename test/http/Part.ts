import type { Vitest } from "@effect/vitest"
import type { Target } from "./Target.ts"

/** The part of a suite that is about one subject. */
export type Part = (it: Vitest.MethodsNonLive<Target>) => void
