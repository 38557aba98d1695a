import { registerHooks } from "node:module"
import { fileURLToPath } from "node:url"
import { type Mutant, mutated } from "./Mutant.ts"

/** The repository's folder. */
const root = new URL("../../../", import.meta.url)

/** The file of a mutant, on the disk. */
export const pathOf = ({ file }: Pick<Mutant, "file">): string => fileURLToPath(new URL(file, root))

/**
 * Puts the bug into whatever this process loads from now on. Nothing on the disk changes: the text is replaced on its way
 * to the compiler, which takes the types away afterwards.
 */
export const withMutant = (mutant: Mutant): void => {
  const { href } = new URL(mutant.file, root)
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context)
      if (url !== href) return loaded
      const { source } = loaded
      if (source === undefined || source === null) throw new Error(`${mutant.file} has no text`)
      const text = typeof source === "string" ? source : new TextDecoder().decode(source)
      return { ...loaded, source: mutated(mutant, text) }
    }
  })
}
