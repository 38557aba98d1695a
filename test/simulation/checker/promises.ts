import type { Exchange } from "../history/History.ts"
import type { Violation } from "../history/Violation.ts"

const promise = <const Rule extends Violation["rule"]>(rule: Rule, sentence: string) => ({ rule, promise: sentence })

/** All that a history is held to. */
export const promises = {
  readable: promise(1, "the log holds only events that the contract knows"),
  acceptedOnce: promise(1, "what was accepted is in the log as it was answered"),
  askedFor: promise(1, "every commit in the log was asked for by one command, and each command made one"),
  refusedNever: promise(1, "nothing that was refused is in the log"),
  onceForAKey: promise(1, "all retries with one key make one set of events"),
  oneFirstAnswer: promise(1, "of all answers to one command only one is the first, all others are replayed"),
  oneIdForAKey: promise(1, "all retries with one key get the same answer"),
  settledOnce: promise(1, "what came of an accepted command stays as it was first told"),
  statusAgrees: promise(1, "what came of an accepted command agrees with the log"),
  statusForItsOwner: promise(1, "what came of a command is told to whoever sent it, and to nobody else"),

  contiguous: promise(2, "a stream's versions are contiguous"),
  timeGoesOn: promise(2, "no event occurred before its predecessor in the stream"),
  decidedThere: promise(2, "every commit was decided on the state that it was appended after"),
  explained: promise(2, "every answer of a command is explained by a state that its comment had meanwhile"),
  inTime: promise(2, "what was accepted was in the log before its answer, and not before its request"),
  knownAnswer: promise(2, "every request gets an answer that the contract has for it"),
  wellLabelled: promise(2, "an answer has the tag, token, address and number that belong to what it says"),

  rowsFold: promise(3, "at the end, the comments are the fold of the log"),
  historyFolds: promise(3, "at the end, the history is the fold of the log"),
  countsFold: promise(3, "at the end, the counts are the fold of the log"),
  caughtUp: promise(3, "at the end, every stream that isn't parked has been projected to its end"),
  parkedIsPoisoned: promise(3, "the parked streams are exactly the poisoned, each just before its poison"),
  noneParked: promise(3, "after redrive no stream is parked"),

  readsYourWrites: promise(4, "a query with a token never shows less than the token"),
  readsOneState: promise(4, "a query shows what the read model had at one instant, and none too long ago"),
  wellFormedPage: promise(4, "a page is in order, within its limit, and agrees with its own count and cursor"),
  knownText: promise(4, "a comment never shows what its log never had"),
  answeredInCalm: promise(4, "in the calm after it all every query is answered"),
  walksOnce: promise(4, "walking a list shows every comment that was there all the while exactly once"),
  tagOfContent: promise(4, "entity tags are equal exactly where contents are"),
  parkedExplained: promise(4, "a query is refused for a parked stream only while one that it asks for is parked"),
  behindExplained: promise(
    4,
    "a query is refused as too early only after it has waited, for what wasn't there at first"
  ),
  cursorsLead: promise(4, "a cursor leads on from where it was given, and nowhere else"),
  historyIsPrivate: promise(4, "a comment's history is shown to its author and to moderators alone"),
  freshCache: promise(4, "after calm no entry of the cache is stale"),

  nothingHeld: promise(5, "nothing is held once everything is closed")
} as const

export type Promised = (typeof promises)[keyof typeof promises]

/** Takes down what breaks a promise. */
export type Report = (broken: Promised, detail: string, ...exchanges: ReadonlyArray<Exchange>) => void

/** A list that violations are taken down in. */
export const reporting = (violations: Array<Violation>): Report => (broken, detail, ...exchanges) => {
  violations.push({ ...broken, detail, exchanges: exchanges.map(({ number }) => number) })
}
