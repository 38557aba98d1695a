import { apiTemplate } from "./apiTemplate.ts"

/** A file that is written from the sources, whole or in one place. */
export interface GeneratedFile {
  /** Where it is, from the repository's root. */
  readonly path: string
  /** What it must be, from what it is: undefined where there is none yet. */
  readonly content: (present: string | undefined) => string
}

/** All files that `npm run generate` writes. */
export const generatedFiles: ReadonlyArray<GeneratedFile> = [
  { path: "infra/api.yaml", content: apiTemplate }
]
