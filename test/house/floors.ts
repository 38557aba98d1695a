import { dirname, join } from "node:path/posix"

/** What the files of one floor may import. Paths are relative to the repository's root, with forward slashes. */
interface Floor {
  /** The files that this row is about; the first row that matches a file decides. */
  readonly files: RegExp
  /** The files of the house that they may import. */
  readonly house: RegExp
  /** The packages that they may import. */
  readonly packages: RegExp
  /** The rule as a sentence, for whoever breaks it. */
  readonly rule: string
}

/** The modules of effect that hold data and pure functions: nothing in them runs an effect. */
const dataModules = [
  "Array",
  "BigDecimal",
  "BigInt",
  "Boolean",
  "Brand",
  "Chunk",
  "Combiner",
  "Data",
  "DateTime",
  "Duration",
  "Equal",
  "Equivalence",
  "Filter",
  "Function",
  "Hash",
  "HashMap",
  "HashSet",
  "Iterable",
  "Match",
  "MutableHashMap",
  "NonEmptyIterable",
  "Number",
  "Optic",
  "Option",
  "Order",
  "Pipeable",
  "Predicate",
  "Record",
  "Reducer",
  "RegExp",
  "Result",
  "Schema(?:AST|Getter|Issue|Parser|Representation|Transformation|Utils)?",
  "String",
  "Struct",
  "Symbol",
  "Tuple",
  "Types",
  "UndefinedOr",
  "encoding/\\w+"
]

const anyPackage = /./
const effectOnly = /^effect\//

const floors: ReadonlyArray<Floor> = [
  {
    files: /^src\/domain\//,
    house: /^src\/domain\//,
    packages: new RegExp(`^effect/(?:${dataModules.join("|")})$`),
    rule: "the domain is pure: it imports only itself and effect's data modules"
  },
  {
    files: /^src\/events\/(?:\w+(?:EventStore|EventTail)|internal\/(?:postgres|dynamo)\w+)\.ts$/,
    house: /^src\/(?:events|domain|platform)\//,
    packages: anyPackage,
    rule: "a layer of the event store imports events, domain and platform"
  },
  {
    files: /^src\/events\//,
    house: /^src\/(?:events|domain)\//,
    packages: anyPackage,
    rule:
      "events import only events and domain; platform is for the layers, *EventStore.ts, *EventTail.ts, internal/postgres*.ts and internal/dynamo*.ts"
  },
  {
    files: /^src\/commands\/(?:Dynamo|Postgres)\w+\.ts$/,
    house: /^src\/(?:commands|domain|events(?!\/internal)|platform)\//,
    packages: anyPackage,
    rule: "a layer of the inbox imports commands, domain, events but their internals, and platform"
  },
  {
    files: /^src\/commands\//,
    house: /^src\/(?:commands|domain|events(?!\/internal))\//,
    packages: anyPackage,
    rule: "commands import only commands, domain, and events but their internals"
  },
  {
    files: /^src\/projections\//,
    house:
      /^src\/(?:(?:projections|domain|events(?!\/internal))\/|(?:queries\/(?:QueryCache|migrations|tables)|platform\/(?:sqlState|DynamoStreams))\.ts$)/,
    packages: anyPackage,
    rule:
      "projections import only projections, domain, events but their internals, of queries the tables and the cache port, and of platform what an SQL error says and the port of DynamoDB Streams"
  },
  {
    files: /^src\/queries\/Redis\w+\.ts$/,
    house: /^src\/(?:queries|domain|platform)\//,
    packages: anyPackage,
    rule: "the layer of the query cache on Redis imports queries, domain and platform"
  },
  {
    files: /^src\/queries\//,
    house: /^src\/(?:(?:queries|domain)\/|(?:api\/\w+|platform\/(?:sqlState|steadyTime))\.ts$)/,
    packages: anyPackage,
    rule:
      "queries import only queries, domain, the contracts in src/api, and of platform what an SQL error says and the time that breakers go by"
  },
  {
    files: /^src\/api\/handlers\//,
    house: /^src\/(?!programs\/|events\/internal\/)/,
    packages: anyPackage,
    rule: "handlers import anything but programs and the internals of events"
  },
  {
    files: /^src\/api\/openapi\//,
    house: /^src\/(?:domain\/|api\/(?:openapi\/)?\w+\.ts$)/,
    packages: effectOnly,
    rule: "what describes the contracts imports only them, itself, domain and effect"
  },
  {
    files: /^src\/api\/\w+\.ts$/,
    house: /^src\/(?:domain\/|api\/\w+\.ts$)/,
    packages: effectOnly,
    rule: "a contract imports only contracts, domain and effect, so that a client can use it without any server code"
  },
  {
    files: /^src\/platform\//,
    house: /^src\/(?:platform|domain)\//,
    packages: anyPackage,
    rule: "platform imports only platform and domain"
  },
  {
    files: /^src\/programs\//,
    house: /^src\/(?!events\/internal\/)/,
    packages: anyPackage,
    rule: "programs import anything in src but the internals of events"
  },
  {
    files: /^src\//,
    house: /^$/,
    packages: /^$/,
    rule: "every file of src lies on a floor of the house, and this one doesn't: see test/house/floors.ts"
  }
]

/**
 * Says why a file may not import something, or nothing if it may. Only files under `src/` are ruled.
 *
 * @param file the importing file, relative to the repository's root
 * @param specifier what stands in its import, as it is written
 */
export const violation = (file: string, specifier: string): string | undefined => {
  const floor = floors.find(({ files }) => files.test(file))
  if (floor === undefined) return undefined
  const isRelative = specifier.startsWith(".")
  const target = isRelative ? join(dirname(file), specifier) : specifier
  const allowed = isRelative ? floor.house : floor.packages
  return allowed.test(target) ? undefined : `${file} imports ${target}, but ${floor.rule}.`
}
