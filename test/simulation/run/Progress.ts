import type { SeedLine } from "./SeedLine.ts"

/** A seed under which something went wrong. */
export type Bad = Extract<SeedLine, { readonly _tag: "Failed" | "Broke" }>

/** What has come of many seeds so far. */
export class Progress {
  readonly bad: Array<Bad> = []
  readonly struck = new Map<string, number>()
  readonly #count: number
  #done = 0

  constructor(count: number) {
    this.#count = count
  }

  hear(line: SeedLine): void {
    if (line._tag === "Begun" || line._tag === "Over") return
    this.#done++
    if (line._tag !== "Passed") {
      this.bad.push(line)
      return
    }
    for (const [kind, times] of Object.entries(line.struck)) this.struck.set(kind, (this.struck.get(kind) ?? 0) + times)
  }

  get done(): number {
    return this.#done
  }

  /** One line, after so many milliseconds. */
  describe(elapsed: number): string {
    const perSecond = this.#done / Math.max(1, elapsed) * 1000
    const left = perSecond === 0 ? "" : `, ${Math.ceil((this.#count - this.#done) / perSecond)} s to go`
    return `${this.#done} of ${this.#count} seeds, ${perSecond.toFixed(1)} a second, ${this.bad.length} bad${left}`
  }
}
