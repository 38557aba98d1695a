import * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"

/** A path, and some of the methods that it is served with. */
export interface RoutedPath {
  readonly template: string
  readonly methods: ReadonlyArray<string>
  /** Whether another service behind the same entry point serves them. */
  readonly elsewhere?: boolean
}

/** What a program serves at one path. */
export interface ServedPath {
  /** As in the contract: `/comments/:commentId`. */
  readonly template: string
  readonly methods: ReadonlySet<string>
  /** Those of the methods that another service serves. */
  readonly elsewhere: ReadonlySet<string>
}

interface CompiledPath extends ServedPath {
  readonly pattern: RegExp
}

const patternOf = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll(".", "\\.").replace(/:[A-Za-z]+/g, "[^/]+")}$`)

/** Which paths the entry point that a program stands behind serves, to tell an unknown address from an unknown method, and to label metrics without leaking ids. */
export class RouteTable {
  readonly #paths: ReadonlyArray<CompiledPath>

  constructor(paths: ReadonlyArray<RoutedPath>) {
    const merged = new Map<string, { readonly methods: Set<string>; readonly elsewhere: Set<string> }>()
    for (const { elsewhere = false, methods, template } of paths) {
      const known = merged.get(template) ?? { methods: new Set(), elsewhere: new Set() }
      for (const method of methods.includes("GET") ? [...methods, "HEAD"] : methods) {
        known.methods.add(method)
        if (elsewhere) known.elsewhere.add(method)
      }
      merged.set(template, known)
    }
    this.#paths = Array.from(merged, ([template, known]) => ({ template, ...known, pattern: patternOf(template) }))
  }

  /** The path that an URL's path is served under, if any. A fixed path is found before one with parameters. */
  find(path: string): ServedPath | undefined {
    const found = this.#paths.filter(({ pattern }) => pattern.test(path))
    return found.find(({ template }) => !template.includes(":")) ?? found[0]
  }
}

/** The paths of a contract. */
export const pathsOf = <Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>
): ReadonlyArray<RoutedPath> => {
  const paths: Array<RoutedPath> = []
  HttpApi.reflect(api, {
    onGroup: () => {},
    onEndpoint: ({ endpoint }) => paths.push({ template: endpoint.path, methods: [endpoint.method] })
  })
  return paths
}

/** Paths that another service serves behind the same entry point: this one knows of them, no more. */
export const servedElsewhere = (paths: ReadonlyArray<RoutedPath>): ReadonlyArray<RoutedPath> =>
  paths.map((path) => ({ ...path, elsewhere: true }))

/** The path of a request's URL, without its query. */
export const pathOf = (url: string): string => {
  const end = url.indexOf("?")
  return end === -1 ? url : url.slice(0, end)
}
