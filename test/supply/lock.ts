import { Schema } from "effect"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const project = fileURLToPath(new URL("../../", import.meta.url))

/** A file of the project, by its path from the root. */
export const readProjectFile = (path: string): string => readFileSync(`${project}${path}`, "utf8")

const Flag = Schema.optionalKey(Schema.Boolean)
const Names = Schema.optionalKey(Schema.Union([Schema.String, Schema.Array(Schema.String)]))

// https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json
const Entry = Schema.Struct({
  version: Schema.String,
  integrity: Schema.optionalKey(Schema.String),
  license: Schema.optionalKey(Schema.String),
  dev: Flag,
  optional: Flag,
  devOptional: Flag,
  peer: Flag,
  hasInstallScript: Flag,
  os: Names,
  cpu: Names
})

const Lock = Schema.fromJsonString(Schema.Struct({
  lockfileVersion: Schema.Literal(3),
  packages: Schema.Record(Schema.String, Schema.Unknown)
}))

/** A package as the lock has it. */
export interface LockedPackage extends Schema.Schema.Type<typeof Entry> {
  /** Where it is installed, such as `node_modules/effect`. */
  readonly place: string
  readonly name: string
}

/** All packages of a lock but the project itself. */
export const lockedPackages = (lock: string): ReadonlyArray<LockedPackage> =>
  Object.entries(Schema.decodeSync(Lock)(lock).packages).flatMap(([place, entry]) =>
    place === ""
      ? []
      : [{ ...Schema.decodeUnknownSync(Entry)(entry), place, name: place.replace(/^.*node_modules\//, "") }]
  )

/** Whether a production installation has it on every platform: nothing that is for development, optional, or a peer that nobody needs. */
export const isProduction = ({ dev, devOptional, optional, peer }: LockedPackage): boolean =>
  ![dev, devOptional, optional, peer].includes(true)

/** Whether an installation without development dependencies may have it. */
export const isOptional = ({ optional, dev, peer }: LockedPackage): boolean =>
  optional === true && dev !== true && peer !== true
