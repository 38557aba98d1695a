import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"
import { authoritiesPackage, writeAuthorities } from "./authorities.ts"
import { thirdPartyNotices } from "./thirdParty.ts"

const programs = fileURLToPath(new URL("../", import.meta.url))

/** The programs that the container image holds. */
export const services = ["command-service", "query-service", "stream-poller", "entry", "ops"] as const

/**
 * Makes of each service one ESM file, `<folder>/<name>.mjs`, minified, beside chunks that they share, the certificates
 * of RDS, and the licences of what is in them: all that they need, so that a container holds no packages.
 */
export const bundleServices = async (folder: string): Promise<void> => {
  const bundle = await rolldown({
    input: services.map((name) => `${programs}${name}.ts`),
    platform: "node",
    treeshake: { propertyReadSideEffects: false },
    plugins: [thirdPartyNotices([authoritiesPackage])]
  })
  await bundle.write({
    dir: folder,
    format: "esm",
    sourcemap: false,
    minify: true,
    comments: false,
    entryFileNames: "[name].mjs",
    chunkFileNames: "chunks/[name]-[hash].mjs"
  })
  await bundle.close()
  writeAuthorities(folder)
}

if (import.meta.main) await bundleServices(fileURLToPath(new URL("../../../dist/services", import.meta.url)))
