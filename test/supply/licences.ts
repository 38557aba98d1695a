import { isOptional, isProduction, type LockedPackage } from "./lock.ts"

/** Licences whose code may be distributed with a program under MIT, if their texts and notices come along. By SPDX's names. */
export const allowedLicences: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
  "PostgreSQL",
  "Zlib"
])

/**
 * Whether an SPDX expression allows it: one of the licences, all that `AND` joins, or any that `OR` joins. What isn't an
 * expression of that form (`WITH`, a `+`, a file's name) is no licence that is known here.
 * https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
 */
export const isAllowed = (expression: string): boolean => {
  const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? []
  let place = 0
  const term = (): boolean => {
    const token = tokens[place++]
    if (token !== "(") return token !== undefined && allowedLicences.has(token)
    const inner = any()
    return tokens[place++] === ")" && inner
  }
  const all = (): boolean => {
    let result = term()
    while (tokens[place] === "AND") {
      place++
      result = term() && result
    }
    return result
  }
  const any = (): boolean => {
    let result = all()
    while (tokens[place] === "OR") {
      place++
      result = all() || result
    }
    return result
  }
  return any() && place === tokens.length
}

/** A package that is in something that is distributed. */
export interface BundledPackage {
  readonly name: string
  readonly version: string
  readonly licence: string
}

/** What is built, and what is in it of others. */
export interface Bundles {
  readonly image: ReadonlyArray<BundledPackage>
  readonly lambdas: ReadonlyArray<BundledPackage>
}

/** A row of the list. */
export interface Licensed extends BundledPackage {
  readonly where: string
}

const key = ({ name, version }: BundledPackage): string => `${name} ${version}`

const whereOf = (one: BundledPackage, bundles: Bundles, otherwise: string): string => {
  const isIn = (packages: ReadonlyArray<BundledPackage>) => packages.some((other) => key(other) === key(one))
  const places = [...isIn(bundles.image) ? ["image"] : [], ...isIn(bundles.lambdas) ? ["Lambdas"] : []]
  return places.length === 0 ? otherwise : places.join(", ")
}

/** Every package of a production installation, and of the bundles, with its licence. */
export const licensed = (locked: ReadonlyArray<LockedPackage>, bundles: Bundles): ReadonlyArray<Licensed> => {
  const rows = new Map<string, Licensed>()
  const add = (one: BundledPackage, otherwise: string) => {
    if (!rows.has(key(one))) rows.set(key(one), { ...one, where: whereOf(one, bundles, otherwise) })
  }
  for (const one of locked) {
    const { license: licence = "UNKNOWN", name, version } = one
    if (isProduction(one)) add({ name, version, licence }, "installation")
    else if (isOptional(one)) add({ name, version, licence }, "installation, optional")
  }
  for (const { name, version, licence } of [...bundles.image, ...bundles.lambdas]) add({ name, version, licence }, "")
  return [...rows.values()].toSorted((one, other) => key(one) < key(other) ? -1 : 1)
}

const head = `# Licences

Marginalia is under the [MIT licence](../LICENSE). This is every package of others that a production installation has, or of which something is in
the container image or in a Lambda: \`npm run licences\` writes this page from \`package-lock.json\` and from what the bundler says, and
\`npm run check:supply\` fails where the page is out of date or a licence isn't one of

`

/** The page that lists them. */
export const licencePage = (rows: ReadonlyArray<Licensed>): string =>
  `${head}${[...allowedLicences].map((licence) => `\`${licence}\``).join(", ")}.

Beside each bundle lies \`THIRD-PARTY-NOTICES.txt\`, with the licences and notices of what is in it, and those of code that a package has taken over from elsewhere and only a comment names.

Not in this list: the base of the image (Node and some of Debian's libraries, as distroless packs them), the engines beside the programs, and what is installed for development only. What the makers of
\`@scalar/api-reference\` bundled into it, and of \`@electric-sql/pglite\` the PostgreSQL that is in it, are under licences of their own, which no manifest lists.

| package | version | licence | where |
| --- | --- | --- | --- |
${rows.map(({ licence, name, version, where }) => `| \`${name}\` | ${version} | ${licence} | ${where} |`).join("\n")}
`
