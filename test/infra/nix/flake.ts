import { Effect, Schema } from "effect"
import { deepStrictEqual } from "node:assert/strict"
import { CheckFailed } from "../check/CheckFailed.ts"
import { Tools } from "../check/toolProcess.ts"
import type { Nix } from "./nixPrograms.ts"

const Shell = Schema.Struct({
  system: Schema.String,
  POSTGRES_BIN: Schema.String,
  packages: Schema.Array(Schema.String),
  scripts: Schema.Array(Schema.String),
  overridden: Schema.Array(Schema.Json),
  allowed: Schema.Array(Schema.String),
  npmShell: Schema.String
})

/** What `evaluate.nix` gives. */
const Flake = Schema.Struct({
  attributes: Schema.Array(Schema.String),
  description: Schema.NonEmptyString,
  inputs: Schema.Struct({ nixpkgs: Schema.Struct({ url: Schema.String }) }),
  outputs: Schema.Array(Schema.String),
  names: Schema.Record(Schema.String, Schema.Array(Schema.String)),
  shells: Schema.Record(Schema.String, Shell)
})

const decodeFlake = Schema.decodeEffect(Schema.fromJsonString(Flake), { onExcessProperty: "error" })

const systems = ["aarch64-darwin", "aarch64-linux", "x86_64-linux"]

/** What the shell is for. Each is a name that nixpkgs has. */
const needed = [
  "aws-sam-cli",
  "awscli2",
  "cfn-lint",
  "dynamodb-local",
  "jdk21_headless",
  "nodejs_24",
  "postgresql_18",
  "python3",
  "redis-server",
  "valkey",
  "bashInteractive",
  "coreutils",
  "curl",
  "git",
  "openssl",
  "shellcheck"
]

const assertFlake = (flake: typeof Flake.Type): void => {
  deepStrictEqual(flake.attributes, ["description", "inputs", "outputs"])
  deepStrictEqual(flake.outputs, ["devShells"])
  deepStrictEqual(Object.keys(flake.shells).toSorted(), systems)
  for (const [system, shell] of Object.entries(flake.shells)) {
    deepStrictEqual(flake.names[system], ["default"])
    deepStrictEqual(shell, {
      system,
      packages: shell.packages,
      POSTGRES_BIN: "/nix/store/postgresql_18/bin",
      scripts: ["exec /nix/store/valkey/bin/valkey-server \"$@\""],
      // The stub's SAM CLI can be overridden on Linux only.
      overridden: system.endsWith("linux") ? [{ dontCheckRuntimeDeps: true, doCheck: false }] : [],
      allowed: ["dynamodb-local"],
      npmShell: "export PATH=/nix/store/nodejs_24/bin:\"$PATH\"\nexec /nix/store/bashInteractive/bin/bash \"$@\"\n"
    })
    deepStrictEqual(shell.packages.toSorted(), needed.toSorted())
  }
}

/** Has Nix parse `flake.nix`, which finds what is no Nix. */
export const parseFlake = Effect.fn("parseFlake")(function*({ command, environment }: Nix) {
  const { pass } = yield* Tools
  return yield* pass({ command, arguments: ["--parse", "flake.nix"], environment })
})

/**
 * Has Nix evaluate the whole flake with a nixpkgs that holds names only, and holds what comes of it against what the shell
 * is for. Answers with the input's URL.
 */
export const evaluateFlake = Effect.fn("evaluateFlake")(function*({ command, environment }: Nix) {
  const { pass } = yield* Tools
  const output = yield* pass({
    command,
    arguments: ["--eval", "--strict", "--json", "--store", "dummy://", "test/infra/nix/evaluate.nix"],
    environment
  })
  // Warnings may stand before it.
  const flake = yield* decodeFlake(output.split("\n").find((line) => line.startsWith("{")) ?? output)
  yield* Effect.try({
    try: () => assertFlake(flake),
    catch: (error) => new CheckFailed({ message: error instanceof Error ? error.message : String(error) })
  })
  return flake.inputs.nixpkgs.url
}, Effect.catchTag("SchemaError", ({ message }) => Effect.fail(new CheckFailed({ message }))))
