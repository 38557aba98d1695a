import { appendFileSync } from "node:fs"
import { basename, join } from "node:path"
import { setInterval } from "node:timers"
import { fileURLToPath } from "node:url"

// Loaded by `--import` into a program, and by it into every Node process that it starts: each writes down once a second what
// memory it has, to a file of its own.

const folder = process.env["BENCH_MEMORY_FOLDER"]
const program = process.argv[1]

if (folder !== undefined && program !== undefined) {
  process.env["NODE_OPTIONS"] = `--import=${fileURLToPath(import.meta.url)}`
  const file = join(folder, `${process.pid}.jsonl`)
  const name = basename(program, ".ts")
  const begun = performance.now()
  setInterval(() => {
    const { external, heapUsed, rss } = process.memoryUsage()
    const seconds = (performance.now() - begun) / 1000
    appendFileSync(file, `${JSON.stringify({ name, at: Date.now(), seconds, rss, heapUsed, external })}\n`)
  }, 1000).unref()
}
