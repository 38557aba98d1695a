import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { basename } from "node:path"
import { violation } from "./floors.ts"

const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll("\\", "/"))
    // What the benchmark has installed is nobody's here.
    .filter((file) => !file.includes("/node_modules/"))

const sources = filesBelow("src")

/** What a file imports or exports from elsewhere, as types or values, at its top or by `import()`; comments are passed over. */
const specifiersIn = (text: string): ReadonlyArray<string> => {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")
  return [...code.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].flatMap(([, specifier]) => specifier ?? [])
}

const violationsIn = (file: string, text: string): ReadonlyArray<string> =>
  specifiersIn(text).flatMap((specifier) => violation(file, specifier) ?? [])

const refused: ReadonlyArray<readonly [file: string, specifier: string]> = [
  ["src/domain/decide.ts", "effect/Effect"],
  ["src/domain/decide.ts", "effect"],
  ["src/domain/decide.ts", "node:crypto"],
  ["src/domain/decide.ts", "../events/Commit.ts"],
  ["src/events/EventStore.ts", "../platform/Postgres.ts"],
  ["src/events/internal/head.ts", "../../platform/Postgres.ts"],
  ["src/events/PostgresEventStore.ts", "../commands/CommandHandler.ts"],
  ["src/events/PostgresEventStore.ts", "../queries/migrations.ts"],
  ["src/commands/CommandHandler.ts", "../queries/QueryCache.ts"],
  ["src/commands/CommandHandler.ts", "../platform/Postgres.ts"],
  ["src/commands/CommandHandler.ts", "../events/internal/head.ts"],
  ["src/commands/CommandHandler.ts", "../api/CommandApi.ts"],
  ["src/projections/Projector.ts", "../queries/CommentQueries.ts"],
  ["src/projections/Projector.ts", "../commands/CommandHandler.ts"],
  ["src/projections/Projector.ts", "../events/internal/head.ts"],
  ["src/queries/CommentQueries.ts", "../commands/CommandHandler.ts"],
  ["src/queries/CommentQueries.ts", "../events/EventStore.ts"],
  ["src/queries/CommentQueries.ts", "../projections/Projector.ts"],
  ["src/queries/CommentQueries.ts", "../api/handlers/queryHandlers.ts"],
  ["src/api/QueryApi.ts", "../queries/CommentQueries.ts"],
  ["src/api/QueryApi.ts", "./handlers/queryHandlers.ts"],
  ["src/api/QueryApi.ts", "node:http"],
  ["src/api/QueryApi.ts", "@effect/platform-node/NodeHttpServer"],
  ["src/api/handlers/queryHandlers.ts", "../../programs/standalone.ts"],
  ["src/api/handlers/queryHandlers.ts", "../../events/internal/head.ts"],
  ["src/platform/Postgres.ts", "../events/EventStore.ts"],
  ["src/programs/standalone.ts", "../events/internal/head.ts"],
  ["src/programs/standalone.ts", "../../test/support/arbitraries.ts"],
  ["src/domain/decide.ts", "../../test/support/arbitraries.ts"],
  ["src/shared/anything.ts", "effect/Option"]
]

const granted: ReadonlyArray<readonly [file: string, specifier: string]> = [
  ["src/domain/decide.ts", "effect/Schema"],
  ["src/domain/decide.ts", "./CommentState.ts"],
  ["src/events/EventStore.ts", "./internal/head.ts"],
  ["src/events/EventStore.ts", "../domain/CommentEvent.ts"],
  ["src/events/PostgresEventStore.ts", "../platform/Postgres.ts"],
  ["src/events/PostgresEventTail.ts", "./internal/head.ts"],
  ["src/events/internal/postgresFailure.ts", "../../platform/sqlState.ts"],
  ["src/commands/CommandHandler.ts", "../events/EventStore.ts"],
  ["src/projections/Projector.ts", "../queries/QueryCache.ts"],
  ["src/projections/Projector.ts", "../queries/migrations.ts"],
  ["src/projections/Projector.ts", "../events/EventTail.ts"],
  ["src/queries/CommentQueries.ts", "../api/Comment.ts"],
  ["src/api/QueryApi.ts", "../domain/ids.ts"],
  ["src/api/QueryApi.ts", "effect/http-api/HttpApi"],
  ["src/api/handlers/queryHandlers.ts", "../../queries/CommentQueries.ts"],
  ["src/platform/Postgres.ts", "@effect/sql-pg/PgClient"],
  ["src/programs/standalone.ts", "../api/handlers/queryHandlers.ts"],
  ["test/house/floors.test.ts", "../../src/events/internal/head.ts"]
]

describe("the house", () => {
  it.each(refused)("%s may not import %s", (file, specifier) => {
    assert.match(violation(file, specifier) ?? "", new RegExp(`^${file} imports `))
  })

  it.each(granted)("%s may import %s", (file, specifier) => {
    assert.isUndefined(violation(file, specifier))
  })

  it("sees every form of import, and none in a comment", () => {
    const text = [
      "/** import * as No from \"../events/No.ts\" */",
      "  // import \"../events/Neither.ts\"",
      "import * as A from \"../events/A.ts\"",
      "import type {\n  B\n} from \"../events/B.ts\"",
      "import \"../events/C.ts\"",
      "export * from \"../events/D.ts\"",
      "export type E = import(\"../events/E.ts\").E",
      "const f = await import(\"../events/F.ts\")"
    ].join("\n")
    assert.deepStrictEqual(
      violationsIn("src/queries/planted.ts", text).map((sentence) => /\w+\.ts(?=,)/.exec(sentence)?.[0]),
      ["A.ts", "B.ts", "C.ts", "D.ts", "E.ts", "F.ts"]
    )
  })

  it("keeps its floors: no file of src imports what its floor may not", () => {
    assert.isNotEmpty(sources)
    assert.deepStrictEqual(
      sources.flatMap((file) => violationsIn(file, readFileSync(file, "utf8"))),
      []
    )
  })

  it("names every file after what it holds", () => {
    const vague = /^(?:index|utils?|common|misc|helpers?|shared|lib)\b/i
    assert.deepStrictEqual([...sources, ...filesBelow("test")].filter((file) => vague.test(basename(file))), [])
  })

  it("silences no check by a comment", () => {
    const silencing = /(?:oxlint|eslint)-disable|@ts-(?:ignore|nocheck)|@effect-diagnostics|(?:oxfmt|prettier)-ignore/
    assert.deepStrictEqual(
      [...sources, ...filesBelow("test")].filter((file) =>
        readFileSync(file, "utf8").split("\n").some((line) => !line.includes("const silencing") && silencing.test(line))
      ),
      []
    )
  })
})
