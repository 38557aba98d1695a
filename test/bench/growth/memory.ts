import { Clock, Console, Effect } from "effect"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { BenchError } from "../BenchError.ts"
import { spreadOf } from "../measure/spread.ts"
import type { Plot, SectionTable } from "../report/Section.ts"
import { startServer } from "../servers/startServer.ts"
import { temporaryFolder } from "../servers/temporaryFolder.ts"
import { wideLimits } from "../servers/wideLimits.ts"
import { withBenchClient } from "../subject/BenchClient.ts"
import { keepBusy } from "./memoryLoad.ts"
import { growthAtEnd, type MemorySample, type MemoryWindow, readSamples, windowsOf } from "./memorySamples.ts"

const program = (name: string): string => fileURLToPath(new URL(`../../../src/programs/${name}.ts`, import.meta.url))
const probe = new URL("./memoryProbe.mjs", import.meta.url).href

/** Clients of each entry. */
const workers = 8

/** Programs, and the standalone one's thread, as the probe names them. The stack's engines aren't ours. */
const programs = ["stack", "command-service", "query-service", "stream-poller", "standalone", "embeddedPostgresWorker"]

/** Growth from the second third of the load to its last that is still called flat. */
const flatUpTo = 1.1

const mebibytes = (bytes: number): number => bytes / 2 ** 20
const shown = (bytes: number): string => mebibytes(bytes).toFixed(0)

interface Measured {
  readonly name: string
  readonly windows: ReadonlyArray<MemoryWindow>
}

const verdictOf = ({ name, windows }: Measured): string => {
  const [rss, heap] = [growthAtEnd(windows, ({ rss }) => rss), growthAtEnd(windows, ({ heap }) => heap)]
  const percent = (growth: number) => `${growth < 1 ? "" : "+"}${((growth - 1) * 100).toFixed(0)}%`
  const said = Math.max(rss, heap) <= flatUpTo ? "flat" : "**not flat yet**"
  return `Memory of ${name}: ${said} from the second third of the load to the last (RSS ${percent(rss)}, heap after ` +
    `collections ${percent(heap)}).`
}

const plotOf = (measured: ReadonlyArray<Measured>, kind: "rss" | "heap", title: string): Plot => ({
  _tag: "Lines",
  name: `growth-memory-${kind}`,
  title,
  x: { label: "s under load", scale: "linear" },
  y: { label: "MiB", scale: "linear" },
  series: measured.map(({ name, windows }) => ({
    label: name,
    points: windows.map((window) => ({ x: window.seconds, y: spreadOf([mebibytes(window[kind])]) }))
  }))
})

const tableOf = (measured: ReadonlyArray<Measured>): SectionTable => ({
  title: "Memory of the programs under load, MiB",
  head: ["program", "RSS at first", "RSS at last", "heap at first", "heap at last"],
  rows: measured.map(({ name, windows }) => {
    const [first, last] = [windows[0], windows.at(-1)]
    return [name, shown(first?.rss ?? 0), shown(last?.rss ?? 0), shown(first?.heap ?? 0), shown(last?.heap ?? 0)]
  })
})

const isProgram = (samples: ReadonlyMap<string, ReadonlyArray<MemorySample>>, from: number, window: number) =>
  programs.flatMap((name): ReadonlyArray<Measured> => {
    const found = samples.get(name)
    return found === undefined ? [] : [{ name, windows: windowsOf(found, from, window) }]
  })

const entries = ["stack", "standalone"] as const

const keepEntryBusy = Effect.fnUntraced(function*(name: (typeof entries)[number], folder: string, seconds: number) {
  const data = yield* temporaryFolder
  const server = yield* startServer({
    name,
    prefix: [],
    nodeArguments: ["--import", probe, program(name)],
    environment: {
      ...wideLimits,
      LOG_LEVEL: "warn",
      BENCH_MEMORY_FOLDER: folder,
      ...(name === "standalone" ? { DATA_DIR: join(data, "data"), TMPDIR: data } : {})
    }
  })
  const token = yield* withBenchClient(server, (client) => client.token("author-0"))
  const begun = yield* Clock.currentTimeMillis
  const load = yield* Effect.tryPromise({
    try: () => keepBusy({ origin: server.origin, token, workers, millis: seconds * 1000 }),
    catch: (error) => new BenchError({ message: `memory: ${String(error)}` })
  })
  return { ...load, name, begun }
})

/** Keeps the whole stack and the standalone program busy for a while, and looks at what memory they have. */
export const measureMemory = Effect.fn("measureMemory")(
  function*(seconds: number) {
    const folder = yield* temporaryFolder
    yield* Console.error(`memory  ${seconds} s of load on the stack and on the standalone program`)
    const loads = yield* Effect.forEach(entries, (name) => keepEntryBusy(name, folder, seconds), {
      concurrency: "unbounded"
    })
    const begun = Math.max(...loads.map(({ begun }) => begun))
    const samples = yield* Effect.try({
      try: () => readSamples(folder, begun),
      catch: (error) => new BenchError({ message: `memory: ${String(error)}` })
    })
    const measured = isProgram(samples, begun, Math.max(2, seconds / 12))
    if (measured.length === 0) return yield* new BenchError({ message: "memory: no program told of its memory" })
    return {
      tables: [tableOf(measured)],
      plots: [
        plotOf(measured, "rss", "Memory under load: RSS"),
        plotOf(measured, "heap", "Memory under load: heap after collections")
      ],
      notes: [
        ...measured.map(verdictOf),
        "V8 gives memory back late: RSS rises until the young generation, the code and the pools have the size that the load " +
        "asks for. What would tell of a leak is the heap after collections, over a longer time.",
        ...loads.map(({ answered, failed, name, seconds }) =>
          `The load on ${name}: ${answered.toLocaleString("en-US")} requests answered in ${
            seconds.toFixed(0)
          } s, ${failed} failed.`
        )
      ]
    }
  },
  Effect.scoped,
  Effect.mapError((error) => error instanceof BenchError ? error : new BenchError({ message: String(error) }))
)
