import * as Effect from "effect/Effect"
import { apiTemplate } from "./apiTemplate.ts"
import { type NoPlaceForHash, withMigrationsHash } from "./migrationTemplate.ts"

/** A file that is written from the sources, whole or in one place. */
export interface GeneratedFile {
  /** Where it is, from the repository's root. */
  readonly path: string
  /** What it must be, from what it is; nothing, where there is none yet. */
  readonly content: (present: string) => Effect.Effect<string, NoPlaceForHash>
}

/** All files that `npm run generate` writes. */
export const generatedFiles: ReadonlyArray<GeneratedFile> = [
  { path: "infra/api.yaml", content: () => Effect.sync(apiTemplate) },
  { path: "infra/migration.yaml", content: withMigrationsHash }
]
