import { Histogram } from "../measure/Histogram.ts"
import type { Worked } from "./StoreJob.ts"

/** Counts what is done, and how long each operation took. */
export class WorkMeter {
  readonly #latencies = new Histogram()
  readonly #begun = performance.now()
  readonly #processor = process.cpuUsage()
  conflicts = 0

  get millis(): number {
    return performance.now() - this.#begun
  }

  /** Counts an operation that began then. */
  done(begun: number): void {
    this.#latencies.record((performance.now() - begun) * 1000)
  }

  report(): Omit<Worked, "_tag"> {
    const { system, user } = process.cpuUsage(this.#processor)
    return {
      amount: this.#latencies.count,
      seconds: this.millis / 1000,
      p50Micros: this.#latencies.quantile(0.5),
      p99Micros: this.#latencies.quantile(0.99),
      conflicts: this.conflicts,
      processorSeconds: (user + system) / 1e6
    }
  }
}
