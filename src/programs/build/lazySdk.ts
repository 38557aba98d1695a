import { createRequire } from "node:module"
import type { Plugin } from "rolldown"

const installed = createRequire(import.meta.url)

// Classes and functions that are loaded, with their whole package, when one is first made, called or asked for. Arguments,
// results and instances are those of the real ones.
const lazyPackage = (name: string): string => `
  import { createRequire } from "node:module"
  const load = () => createRequire(import.meta.url)(${JSON.stringify(name)})
  const lazy = (name) => Object.defineProperty(
    function (...args) { return new.target ? Reflect.construct(load()[name], args) : load()[name](...args) },
    Symbol.hasInstance,
    { value: (it) => it instanceof load()[name] }
  )
  ${Object.keys(installed(name)).map((key) => `export const ${key} = /*#__PURE__*/ lazy("${key}")`).join("\n")}
`

/**
 * Leaves the AWS SDK out of a bundle: Lambda's runtime has it. It isn't imported at the start either, which would cost the
 * cold start more than all the rest, but when the first client is made; and by `require`, which finds it where Lambda keeps
 * it (`NODE_PATH`).
 */
export const lazySdk: Plugin = {
  name: "lazy-sdk",
  resolveId: {
    filter: { id: /^@(?:aws-sdk|smithy)\// },
    // What is imported dynamically is lazy already.
    handler: (id, _importer, { kind }) =>
      kind === "dynamic-import" ? { id, external: true } : { id: `\0lazy-sdk:${id}`, moduleSideEffects: false }
  },
  load: {
    filter: { id: /^\0lazy-sdk:/ },
    handler: (id) => lazyPackage(id.slice("\0lazy-sdk:".length))
  }
}
