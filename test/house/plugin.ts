import { relative, sep } from "node:path"
import { violation } from "./floors.ts"

/** The little of the linter's plugin interface that this plugin needs. */
interface Context {
  readonly cwd: string
  readonly filename: string
  readonly report: (problem: { readonly node: unknown; readonly message: string }) => void
}

interface Importing {
  readonly source: { readonly type: string; readonly value?: unknown } | null
}

const floors = {
  create: (context: Context) => {
    const file = relative(context.cwd, context.filename).split(sep).join("/")
    const check = ({ source }: Importing) => {
      if (typeof source?.value !== "string") return
      const message = violation(file, source.value)
      if (message !== undefined) context.report({ node: source, message })
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      TSImportType: check
    }
  }
}

/** The linter's rules that are this project's own. */
export default { meta: { name: "house" }, rules: { floors } }
