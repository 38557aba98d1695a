import { statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"
import { authoritiesPackage, writeAuthorities } from "./authorities.ts"
import { lazySdk } from "./lazySdk.ts"
import { thirdPartyNotices } from "./thirdParty.ts"

const programs = fileURLToPath(new URL("../", import.meta.url))

/** The programs that are Lambdas. */
export const lambdas = ["projector", "inbox", "migration"] as const
export type Lambda = (typeof lambdas)[number]

/** Those of them that speak to Postgres. */
const withDatabase: ReadonlySet<Lambda> = new Set(["projector", "migration"])

/** A Lambda as it is uploaded. */
export interface BuiltLambda {
  readonly name: Lambda
  /** The one file of code that it is; its source map lies beside it. */
  readonly file: string
  readonly bytes: number
}

/**
 * Makes a Lambda of a program: one ESM file `<folder>/<name>/index.mjs`, minified, with all that it needs but the AWS SDK.
 * Beside it lie the licences of what is in it, and the certificates of RDS, where it speaks to Postgres.
 */
export const bundleLambda = async (name: Lambda, folder: string): Promise<BuiltLambda> => {
  const bundle = await rolldown({
    input: join(programs, `${name}.ts`),
    platform: "node",
    // None of the packages does anything when a property of it is read.
    treeshake: { propertyReadSideEffects: false },
    plugins: [lazySdk, thirdPartyNotices(withDatabase.has(name) ? [authoritiesPackage] : [])]
  })
  const file = join(folder, name, "index.mjs")
  await bundle.write({
    file,
    format: "esm",
    sourcemap: true,
    minify: true,
    comments: false,
    codeSplitting: false
  })
  await bundle.close()
  if (withDatabase.has(name)) writeAuthorities(join(folder, name))
  return { name, file, bytes: statSync(file).size }
}
