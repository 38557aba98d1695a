import type { CommentId } from "../../../src/domain/ids.ts"
import type { PositionsReached } from "../history/History.ts"
import type { Stream } from "./log.ts"
import { type Comment, nothingYet } from "./model.ts"

/** Where one stream stood from a tick on. */
interface Reached {
  readonly tick: number
  readonly at: number
  readonly version: number
  readonly parked: boolean
}

const nowhere: Reached = { tick: -Infinity, at: -Infinity, version: 0, parked: false }

/** Where the read model stood with each stream at every tick. */
export class Positions {
  readonly #streams: ReadonlyMap<CommentId, Stream>
  readonly #reached = new Map<CommentId, Array<Reached>>()

  constructor(streams: ReadonlyMap<CommentId, Stream>, positions: ReadonlyArray<PositionsReached>) {
    this.#streams = streams
    for (const { moment: { at, tick }, positions: some } of positions) {
      for (const { parked, stream, version } of some) {
        const reached = this.#reached.get(stream)
        if (reached === undefined) this.#reached.set(stream, [{ tick, at, version, parked }])
        else reached.push({ tick, at, version, parked })
      }
    }
  }

  at(stream: CommentId, tick: number): { readonly version: number; readonly parked: boolean } {
    const reached = this.#reached.get(stream) ?? []
    let [low, high] = [0, reached.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((reached[middle]?.tick ?? Infinity) <= tick) low = middle + 1
      else high = middle
    }
    return reached[low - 1] ?? nowhere
  }

  /** A comment as the read model had it; version 0 for one that it hadn't. */
  comment(id: CommentId, tick: number): Comment {
    return this.#streams.get(id)?.comments[this.at(id, tick).version] ?? nothingYet(id)
  }

  /** The ticks at which what is known of some streams changed within a span of time, and the beginning of it: latest first. */
  instants(
    streams: ReadonlyArray<CommentId>,
    isWithin: (reached: Reached) => boolean,
    beginning: number
  ): ReadonlyArray<number> {
    const ticks = new Set([beginning])
    for (const stream of streams) {
      for (const reached of this.#reached.get(stream) ?? []) if (isWithin(reached)) ticks.add(reached.tick)
    }
    return Array.from(ticks).toSorted((one, other) => other - one)
  }

  /** The last tick before a time, in milliseconds. */
  tickBefore(streams: ReadonlyArray<CommentId>, at: number): number {
    let tick = -Infinity
    for (const stream of streams) {
      for (const reached of this.#reached.get(stream) ?? []) if (reached.at < at) tick = Math.max(tick, reached.tick)
    }
    return tick
  }
}
