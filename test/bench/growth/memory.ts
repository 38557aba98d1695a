import { Clock, Console, Effect } from "effect"
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

const stack = fileURLToPath(new URL("../../../src/programs/stack.ts", import.meta.url))
const probe = new URL("./memoryProbe.mjs", import.meta.url).href

const workers = 16

/** The programs of the stack, as the probe names them. Its engines aren't ours. */
const programs = ["stack", "command-service", "query-service", "stream-poller"]

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
  title: "Memory of the stack's programs under load, MiB",
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

/** Keeps the whole stack busy for a while, and looks at what memory its programs have. */
export const measureMemory = Effect.fn("measureMemory")(
  function*(seconds: number) {
    const folder = yield* temporaryFolder
    yield* Console.error(`memory  ${seconds} s of load on the stack`)
    const server = yield* startServer({
      name: "The stack",
      prefix: [],
      nodeArguments: ["--import", probe, stack],
      environment: { ...wideLimits, LOG_LEVEL: "warn", BENCH_MEMORY_FOLDER: folder }
    })
    const token = yield* withBenchClient(server, (client) => client.token("author-0"))
    const begun = yield* Clock.currentTimeMillis
    const load = yield* Effect.tryPromise({
      try: () => keepBusy({ origin: server.origin, token, workers, millis: seconds * 1000 }),
      catch: (error) => new BenchError({ message: `memory: ${String(error)}` })
    })
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
        `The load on the stack: ${load.answered.toLocaleString("en-US")} requests answered in ${
          load.seconds.toFixed(0)
        } s, ` +
        `${load.failed} failed.`
      ]
    }
  },
  Effect.scoped,
  Effect.mapError((error) => error instanceof BenchError ? error : new BenchError({ message: String(error) }))
)
