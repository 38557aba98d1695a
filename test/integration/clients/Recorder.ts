import { Schema } from "effect"
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

/** The form of what the entry says itself, where no service has. */
const isByEntry = Schema.is(Schema.Struct({ message: Schema.String }))

/** An answer of the entry alone: what became of the request, if it got to a service, isn't known. */
const isUnknown = (answer: ReceivedAnswer | null): boolean =>
  answer !== null && answer.status >= 500 && answer.headers["x-request-id"] === undefined && isByEntry(answer.body)

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

  /** All exchanges with the services, in the order in which they were sent: what only the entry has answered, they haven't. */
  exchanges(): ReadonlyArray<Exchange> {
    return this.recorded.map(({ exchange }) => isUnknown(exchange.answer) ? { ...exchange, answer: null } : exchange)
      .toSorted((one, other) => one.sent.tick - other.sent.tick)
  }
}
