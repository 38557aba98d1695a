import type { Delivery } from "./StoreJob.ts"

/** Compares what a consumer was given with what had been appended. */
export class DeliveryLedger {
  readonly #appended = new Map<string, number>()
  readonly #seen = new Set<string>()
  readonly #highest = new Map<string, number>()
  #deliveries = 0
  #duplicate = 0
  #outOfOrder = 0
  #awaited = 0

  /** Versions of a stream are appended one by one, from 1. */
  appended(stream: string, version: number): void {
    this.#appended.set(stream, version)
    this.#awaited++
  }

  delivered(stream: string, version: number): void {
    this.#deliveries++
    const event = `${stream}/${version}`
    if (this.#seen.has(event)) {
      this.#duplicate++
      return
    }
    this.#seen.add(event)
    const highest = this.#highest.get(stream) ?? 0
    if (version < highest) this.#outOfOrder++
    else this.#highest.set(stream, version)
  }

  /** Deliveries up to now, whatever of. */
  get deliveries(): number {
    return this.#deliveries
  }

  /** Whether all that was appended has been delivered. */
  get isComplete(): boolean {
    return this.#seen.size >= this.#awaited
  }

  report(): Delivery {
    let missing = 0
    for (const [stream, versions] of this.#appended) {
      for (let version = 1; version <= versions; version++) {
        if (!this.#seen.has(`${stream}/${version}`)) missing++
      }
    }
    return {
      appended: this.#awaited,
      delivered: this.#deliveries,
      missing,
      duplicate: this.#duplicate,
      outOfOrder: this.#outOfOrder
    }
  }
}
