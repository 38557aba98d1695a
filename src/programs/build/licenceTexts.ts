import * as Schema from "effect/Schema"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const Manifest = Schema.fromJsonString(Schema.Struct({
  name: Schema.String,
  version: Schema.String,
  license: Schema.optionalKey(Schema.String)
}))

/** A package that is installed, and what it says of its licence. */
export interface InstalledPackage {
  readonly name: string
  readonly version: string
  /** As its manifest has it, an SPDX expression; without one, `UNKNOWN`. */
  readonly licence: string
  /** Its licence and its notices, in full: what its folder holds of them. */
  readonly texts: ReadonlyArray<string>
}

const isText = (file: string): boolean => /^(?:licen[cs]e|notice|copying|copyright)/i.test(file)

/** What lies in a package's folder. */
export const installedPackage = (folder: string): InstalledPackage => {
  const { license = "UNKNOWN", name, version } = Schema.decodeSync(Manifest)(
    readFileSync(join(folder, "package.json"), "utf8")
  )
  const texts = readdirSync(folder).filter(isText).toSorted().map((file) => readFileSync(join(folder, file), "utf8"))
  return { name, version, licence: license, texts: texts.map((text) => text.replaceAll("\r\n", "\n").trim()) }
}

const comments = /\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n?)+/gm
const isLegal = (comment: string): boolean =>
  /copyright/i.test(comment) || (/licen[cs]e/i.test(comment) && /\b(?:MIT|BSD|Apache|ISC)\b/.test(comment))

/** The comments of a source that speak of a copyright or name a licence: a bundler that is told to leave out comments leaves them out. */
export const legalComments = (source: string): ReadonlyArray<string> =>
  (source.match(comments) ?? []).filter(isLegal).map((comment) =>
    comment.split("\n").map((line) =>
      line.replace(/^\s*(?:\/\*+!?|\*+\/|\*(?!\/)|\/\/)\s?/, "").replace(/\s*\*+\/\s*$/, "").trimEnd()
    )
      .join("\n").trim()
  )

/** A program of others that a source carries as text, as jsDelivr heads what it minifies. */
export const carried = (source: string): { readonly name: string; readonly version: string } | undefined => {
  const [, name, version] =
    /Original file: \/npm\/((?:@[\w.-]+\/)?[\w.-]+)@([\w.+-]+)\//.exec(source.slice(0, 2_000)) ?? []
  return name === undefined || version === undefined ? undefined : { name, version }
}
