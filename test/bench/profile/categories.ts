/** Where a function's own time belongs. */
export const categories = [
  "Marginalia",
  "effect",
  "node:http and streams",
  "Node, other JavaScript",
  "Node, native (sockets, buffers)",
  "JSON",
  "database clients",
  "Redis client",
  "other packages",
  "V8: garbage collection",
  "V8: compiling and other native code",
  "idle"
] as const
export type Category = typeof categories[number]

interface CallFrame {
  readonly functionName: string
  readonly url: string
}

const byPlace: ReadonlyArray<readonly [RegExp, Category]> = [
  [/\/jsonFrames\.mjs$/, "JSON"],
  [/\/node_modules\/(?:@effect\/sql-pg|pg|@electric-sql)\//, "database clients"],
  [
    /\/node_modules\/(?:ioredis|redis-parser|redis-errors|@ioredis|standard-as-callback|cluster-key-slot|denque)\//,
    "Redis client"
  ],
  [/\/node_modules\/(?:@effect|effect)\//, "effect"],
  [/\/node_modules\//, "other packages"],
  [/^node:(?:_http|http|net|stream|_stream|internal\/(?:streams|http|stream_base|net))/, "node:http and streams"],
  [/^node:/, "Node, other JavaScript"],
  [/\/src\//, "Marginalia"]
]

const byName: Readonly<Record<string, Category>> = {
  "(idle)": "idle",
  "(garbage collector)": "V8: garbage collection",
  "(program)": "V8: compiling and other native code",
  "(root)": "V8: compiling and other native code"
}

/** The category of a call frame: by the file that it is in, or by its name where it is native. */
export const categoryOf = ({ functionName, url }: CallFrame): Category => {
  if (url !== "") return byPlace.find(([place]) => place.test(url))?.[1] ?? "other packages"
  return (Object.hasOwn(byName, functionName) ? byName[functionName] : undefined) ?? "Node, native (sockets, buffers)"
}
