import type { AuthorId } from "../../../src/domain/ids.ts"
import type { Exchange, ReceivedAnswer, SentRequest } from "../../simulation/history/History.ts"
import { Journal } from "../../simulation/kernel/Journal.ts"

/** What somebody comes for. */
export const userKinds = ["poster", "editor", "reader without token", "reader with token", "async"] as const
export type UserKind = typeof userKinds[number]

/** A request of somebody, and what came of it. */
export interface Recorded {
  readonly kind: UserKind
  readonly exchange: Exchange
}

/** Who asks, and what for. */
export interface Asked {
  readonly kind: UserKind
  readonly client: AuthorId
  readonly scopes: ReadonlyArray<string>
  readonly request: SentRequest
}

/** Keeps what clients send and get, in one order of all that they do. */
export class Recorder {
  readonly recorded: Array<Recorded> = []
  readonly #journal = new Journal(() => Date.now(), false)
  #numbers = 0

  /** Notes that a request is sent; what it gives notes the answer, or null where none came. */
  sent({ client, kind, request, scopes }: Asked): (answer: ReceivedAnswer | null) => void {
    const number = ++this.#numbers
    const sent = this.#journal.moment()
    return (answer) => {
      const ended = this.#journal.moment()
      this.recorded.push({ kind, exchange: { number, client, scopes, request, sent, answer, ended } })
    }
  }

  /** All exchanges, in the order in which they were sent. */
  exchanges(): ReadonlyArray<Exchange> {
    return this.recorded.map(({ exchange }) => exchange).toSorted((one, other) => one.sent.tick - other.sent.tick)
  }
}
