import { Effect, FileSystem, Schema } from "effect"
import { join } from "node:path"
import { CheckFailed } from "../check/CheckFailed.ts"
import { project } from "../check/folders.ts"

const Original = Schema.Struct({
  type: Schema.Literal("github"),
  owner: Schema.String,
  repo: Schema.String,
  ref: Schema.String
})

/**
 * A lock file whose only node is the one input; https://nix.dev/manual/nix/stable/command-ref/new-cli/nix3-flake.html#lock-files
 * says what each field means.
 */
const Lock = Schema.Struct({
  version: Schema.Literal(7),
  root: Schema.Literal("root"),
  nodes: Schema.Struct({
    root: Schema.Struct({ inputs: Schema.Struct({ nixpkgs: Schema.Literal("nixpkgs") }) }),
    nixpkgs: Schema.Struct({
      original: Original,
      locked: Schema.Struct({
        type: Schema.Literal("github"),
        owner: Schema.String,
        repo: Schema.String,
        rev: Schema.String.check(Schema.isPattern(/^[0-9a-f]{40}$/)),
        // A SHA-256 hash as Subresource Integrity writes it: 32 bytes in base64.
        narHash: Schema.String.check(Schema.isPattern(/^sha256-[A-Za-z0-9+/]{43}=$/)),
        // Seconds since 1970, and no earlier than flakes are.
        lastModified: Schema.Int.check(Schema.isGreaterThan(1_600_000_000))
      })
    })
  })
})

// A field that nobody knows is as wrong as one that is missing: Nix would write the file anew.
const decodeLock = Schema.decodeEffect(Schema.fromJsonString(Lock), { onExcessProperty: "error" })

/** Holds `flake.lock` against the URL of the flake's input: it must lock that, and nothing else. Answers with the revision. */
export const checkLock = Effect.fn("checkLock")(
  function*(url: string) {
    const files = yield* FileSystem.FileSystem
    const { nodes } = yield* decodeLock(yield* files.readFileString(join(project, "flake.lock")))
    const { locked, original } = nodes.nixpkgs
    const wanted = `${original.type}:${original.owner}/${original.repo}/${original.ref}`
    if (wanted !== url) {
      return yield* new CheckFailed({
        message: `flake.lock locks ${wanted}, and flake.nix wants ${url}`
      })
    }
    if (locked.owner !== original.owner || locked.repo !== original.repo) {
      return yield* new CheckFailed({ message: `flake.lock locks ${locked.owner}/${locked.repo} for ${wanted}` })
    }
    return locked.rev
  },
  Effect.catchTags({
    PlatformError: ({ message }) => Effect.fail(new CheckFailed({ message })),
    SchemaError: ({ message }) => Effect.fail(new CheckFailed({ message: `flake.lock is no such file: ${message}` }))
  })
)
