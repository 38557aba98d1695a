/**
 * What one write unit of DynamoDB holds. A commit is best kept within it, and a snapshot that fits in costs nothing.
 */
export const freeSnapshotBytes = 1024

/**
 * A snapshot stands in one of so many commits at least, so that this many commits always are enough to load a stream. Four
 * commits of 1 KB are one read unit of DynamoDB.
 */
export const snapshotEvery = 4

/** What of a commit is known before it is decided whether it gets its snapshot. */
export interface SnapshotQuestion {
  /** Of the commit with its events and its snapshot, as the store measures it. */
  readonly bytes: number
  /** How many commits without a snapshot end the stream, not counting this one. */
  readonly commitsSinceSnapshot: number
  /** The most that the store can hold in one commit. */
  readonly largest: number
}

/** Always while events and snapshot stay within 1 KB together, otherwise in every 4th commit. */
export const isSnapshotDue = ({ bytes, commitsSinceSnapshot, largest }: SnapshotQuestion): boolean =>
  bytes <= freeSnapshotBytes || (commitsSinceSnapshot >= snapshotEvery - 1 && bytes <= largest)
