/** Which part of all buckets makes room where there is none. */
const roomAtOnce = 1 / 16

/** How often those are looked for that are full again, in milliseconds. */
const sweepInterval = 60_000

interface Bucket {
  tokens: number
  /** When the last token came, in milliseconds. */
  refilledAt: number
  /** When it is full if nobody takes from it. */
  fullAt: number
}

/** What is taken, and from what bucket: it has `limit` tokens at most, and gets another each `refillMillis`. */
export interface Take {
  readonly key: string
  readonly tokens: number
  readonly limit: number
  readonly refillMillis: number
  /** Whether more may be taken than there is. */
  readonly allowOverflow: boolean
}

/**
 * Token buckets in this process's memory. One that is full again is forgotten, for a new one is the same; beyond `maxBuckets`
 * the least recently used make room, and whoever had emptied one begins with a full one.
 *
 * A clock that is set back costs nobody more than the time since the last token.
 */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>()
  readonly #maxBuckets: number
  #sweptAt = Number.NEGATIVE_INFINITY

  constructor(maxBuckets: number) {
    this.#maxBuckets = maxBuckets
  }

  get size(): number {
    return this.#buckets.size
  }

  /**
   * How many are left, negative if that was too much (then nothing is taken, unless it may overflow), and how long ago the
   * last token came, in milliseconds.
   */
  take({ allowOverflow, key, limit, refillMillis, tokens }: Take, now: number): readonly [number, number] {
    this.#sweep(now)
    const bucket = this.#buckets.get(key) ?? { tokens: limit, refilledAt: now, fullAt: now }
    const refilled = Math.floor((now - bucket.refilledAt) / refillMillis)
    if (refilled > 0) {
      bucket.tokens = Math.min(limit, bucket.tokens + refilled)
      bucket.refilledAt += refilled * refillMillis
    }
    if (bucket.tokens >= limit || bucket.refilledAt > now) bucket.refilledAt = now
    const left = bucket.tokens - tokens
    if (left >= 0 || allowOverflow) bucket.tokens = left
    bucket.fullAt = bucket.refilledAt + (limit - bucket.tokens) * refillMillis
    // The last in the map is the most recently used.
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    this.#makeRoom()
    return [left, now - bucket.refilledAt]
  }

  #sweep(now: number): void {
    if (Math.abs(now - this.#sweptAt) < sweepInterval) return
    this.#sweptAt = now
    for (const [key, { fullAt }] of this.#buckets) {
      if (fullAt <= now) this.#buckets.delete(key)
    }
  }

  // For many at once: a map goes over the places of those that were deleted, too, before it comes to the oldest.
  #makeRoom(): void {
    if (this.#buckets.size <= this.#maxBuckets) return
    const enough = Math.floor(this.#maxBuckets * (1 - roomAtOnce))
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size <= enough) return
      this.#buckets.delete(key)
    }
  }
}
