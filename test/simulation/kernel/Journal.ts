/** A point of a run. No two have the same tick; `at` is true time, in milliseconds, whatever anybody's clock says. */
export interface Moment {
  readonly tick: number
  readonly at: number
}

/** What somebody did, for whoever wants to follow a run step by step. */
export interface Step extends Moment {
  readonly actor: string
  readonly what: string
}

/** Gives every point of a run its place in one order, and keeps what is told of it if anybody wants to know. */
export class Journal {
  readonly steps: Array<Step> = []
  readonly #now: () => number
  readonly #isKept: boolean
  #ticks = 0

  constructor(now: () => number, isKept: boolean) {
    this.#now = now
    this.#isKept = isKept
  }

  now(): number {
    return this.#now()
  }

  moment(): Moment {
    return { tick: ++this.#ticks, at: this.#now() }
  }

  /** `what` is only asked for if steps are kept. */
  tell(actor: string, what: () => string): void {
    if (this.#isKept) this.steps.push({ ...this.moment(), actor, what: what() })
    else this.#ticks++
  }
}
