import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Plugin } from "rolldown"
import { carried, installedPackage, legalComments } from "./licenceTexts.ts"

/** Lies beside each bundle. */
export const noticesFile = "THIRD-PARTY-NOTICES.txt"

const packages = fileURLToPath(new URL("../../../node_modules/", import.meta.url))

// What somebody else made and a package carries as text, without its licence: https://github.com/scalar/scalar
const carriedLicences: Readonly<Record<string, string>> = { "@scalar/api-reference": "MIT" }

/** A package of which something is in a bundle. */
interface Bundled {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly texts: ReadonlyArray<string>
}

const nameOf = (one: Bundled): string => `${one.name} ${one.version}`

/** The folder of the package that a module is of; nothing, if it is a source of ours. */
const folderOf = (id: string): string | undefined => {
  if (id.startsWith("\0rolldown/")) return join(packages, "rolldown")
  return /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/.exec(id)?.[0]
}

const bundledOf = (modules: ReadonlyArray<string>, folders: ReadonlyArray<string>): ReadonlyArray<Bundled> => {
  const found = new Map(folders.map((folder) => [folder, { ...installedPackage(folder), comments: new Set<string>() }]))
  const others: Array<Bundled> = []
  for (const id of modules) {
    const folder = folderOf(id)
    if (folder === undefined) continue
    const one = found.get(folder) ?? { ...installedPackage(folder), comments: new Set<string>() }
    found.set(folder, one)
    if (id.startsWith("\0")) continue
    const source = readFileSync(id, "utf8")
    const within = carried(source)
    if (within === undefined) legalComments(source).forEach((comment) => one.comments.add(comment))
    else others.push({ ...within, licence: carriedLicences[within.name] ?? "UNKNOWN", texts: [] })
  }
  const own = [...found.values()].map(({ comments, ...one }) => ({ ...one, texts: [...one.texts, ...comments] }))
  return [...own, ...others].toSorted((one, other) => nameOf(one) < nameOf(other) ? -1 : 1)
}

const rule = "-".repeat(100)

/** The packages, one in a line, and then each text once, under the names of those whose it is. */
const notices = (bundled: ReadonlyArray<Bundled>): string => {
  const texts = new Map<string, { readonly text: string; readonly names: Set<string> }>()
  for (const one of bundled) {
    for (const text of one.texts) {
      const words = text.replaceAll(/\s+/g, " ")
      const known = texts.get(words) ?? { text, names: new Set() }
      texts.set(words, known)
      known.names.add(nameOf(one))
    }
  }
  const silent = bundled.filter((one) => one.texts.length === 0).map(nameOf)
  if (silent.length > 0) {
    const text = "came without a text of their own: they are under the licences that are named above."
    texts.set("", { text, names: new Set(silent) })
  }
  const head = bundled.map((one) => `${nameOf(one)} ${one.licence}`).join("\n")
  const said = [...texts.values()].map(({ names, text }) => `${rule}\n${[...names].join(", ")}\n\n${text}\n`)
  return `The programs beside this file have code or data of these packages in them. Their licences and notices follow.\n\n${head}\n\n${
    said.join("\n")
  }`
}

/**
 * Writes beside a bundle what is in it of others, package by package, with their licences and notices: minified code has no
 * comments, and their licences ask that they come along.
 *
 * @param beside packages whose data lie beside the bundle
 */
export const thirdPartyNotices = (beside: ReadonlyArray<string> = []): Plugin => ({
  name: "third-party-notices",
  generateBundle(_options, output) {
    const chunks = Object.values(output).flatMap((one) => one.type === "chunk" ? [one] : [])
    const modules = chunks.flatMap((chunk) => Object.keys(chunk.modules)).toSorted()
    const folders = beside.map((name) => join(packages, name))
    this.emitFile({ type: "asset", fileName: noticesFile, source: notices(bundledOf(modules, folders)) })
  }
})

/** What the notices beside a bundle say is in it. */
export const bundledPackages = (folder: string): ReadonlyArray<{ name: string; version: string; licence: string }> =>
  readFileSync(join(folder, noticesFile), "utf8").split(rule, 1).join("").split("\n").flatMap((line) => {
    const [, name, version, licence] = /^(\S+) (\d\S*) (.+)$/.exec(line) ?? []
    return name === undefined || version === undefined || licence === undefined ? [] : [{ name, version, licence }]
  })
