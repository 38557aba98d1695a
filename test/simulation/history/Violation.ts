/** A promise that a history breaks. */
export interface Violation {
  /**
   * 1 the log has every accepted change once, 2 decisions are explained by the state they were made on, 3 the read model
   * converges, 4 queries show what they must and nothing else, 5 nothing leaks.
   */
  readonly rule: 1 | 2 | 3 | 4 | 5
  /** The promise, as a sentence. */
  readonly promise: string
  /** What breaks it: ids, versions, both sides of a comparison. */
  readonly detail: string
  /** The numbers of the exchanges that show it. */
  readonly exchanges: ReadonlyArray<number>
}
