import type { Duration, Effect, Scope } from "effect"
import type { EngineError } from "../../../src/programs/stack/engines/engineProcess.ts"
import type { Sample } from "../measure/Sample.ts"
import type { Strike } from "../measure/Strike.ts"
import type { Site } from "../site/Site.ts"

/** How much of everything there is. */
export interface Extent {
  /** How long a fault lasts that somebody ends, and how long there is peace between two. */
  readonly hold: Duration.Duration
  /** How often what is repeated is done. */
  readonly times: number
}

/** What was done to the site. */
export interface Struck {
  readonly strikes: ReadonlyArray<Strike>
  /** What went otherwise than it must, as sentences. */
  readonly findings: ReadonlyArray<string>
  /** What in all that people asked for went otherwise than it must, where more than promises are to be kept. */
  readonly findingsIn?: (samples: ReadonlyArray<Sample>) => ReadonlyArray<string>
}

/** A way to hurt the site. */
export interface Scenario {
  /** What it is asked for by. */
  readonly name: string
  /** What is done, as the report says it. */
  readonly title: string
  readonly strike: (site: Site["Service"], extent: Extent) => Effect.Effect<Struck, EngineError, Scope.Scope>
}
