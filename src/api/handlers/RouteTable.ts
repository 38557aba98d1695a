import * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"

/** A path, and some of the methods that it is served with. */
export interface RoutedPath {
  readonly template: string
  readonly methods: ReadonlyArray<string>
}

/** What a program serves at one path. */
export interface ServedPath {
  /** As in the contract: `/comments/:commentId`. */
  readonly template: string
  readonly methods: ReadonlySet<string>
}

interface CompiledPath extends ServedPath {
  readonly pattern: RegExp
}

const patternOf = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll(".", "\\.").replace(/:[A-Za-z]+/g, "[^/]+")}$`)

/** Which paths a program serves, to tell an unknown address from an unknown method, and to label metrics without leaking ids. */
export class RouteTable {
  readonly #paths: ReadonlyArray<CompiledPath>

  constructor(paths: ReadonlyArray<RoutedPath>) {
    const merged = new Map<string, Set<string>>()
    for (const { methods, template } of paths) {
      const known = merged.get(template) ?? new Set<string>()
      for (const method of methods) known.add(method)
      if (known.has("GET")) known.add("HEAD")
      merged.set(template, known)
    }
    this.#paths = Array.from(merged, ([template, methods]) => ({ template, methods, pattern: patternOf(template) }))
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

/** The path of a request's URL, without its query. */
export const pathOf = (url: string): string => {
  const end = url.indexOf("?")
  return end === -1 ? url : url.slice(0, end)
}
