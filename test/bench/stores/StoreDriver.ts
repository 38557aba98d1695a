/** An event as every store is given it: the same words, whatever each makes of them. As JSON it has about 400 bytes, more or less as the text is long and in its script. */
export interface DraftEvent {
  readonly stream: string
  /** Its place in the stream, from 1. The first is a post, all others are edits. */
  readonly version: number
  readonly type: "CommentPosted" | "CommentEdited"
  readonly data: {
    readonly pictureId?: string
    readonly authorId?: string
    readonly text: string
  }
  readonly metadata: {
    readonly id: string
    readonly schema: number
    /** In milliseconds since the epoch. */
    readonly at: number
    readonly by: string
    readonly command: string
    readonly correlation: string
  }
}

/** Capacity units of DynamoDB. */
export interface Units {
  readonly read: number
  readonly write: number
}

/** How a store's own projection is set up: as its documentation shows, or for as much as it can do. */
export type ProjectionSetting = "documented" | "tuned"

/**
 * An event store as the benchmark drives it. `End` is what an append needs to know of where a stream ends: what a user of
 * that store would keep in hand between a load and an append.
 */
export interface StoreDriver<End> {
  /** The end of a stream that nothing has been appended to. */
  readonly begin: (stream: string) => End
  /** Appends one event; rejects if the stream doesn't end there any more. */
  readonly append: (end: End, event: DraftEvent) => Promise<End>
  /** Reads the store and folds the state. */
  readonly load: (stream: string) => Promise<End>
  /** The load before an append, where a store has another for it: it knows what this process wrote or read before. */
  readonly loadToAppend?: (stream: string) => Promise<End>
  /** The version of the stream's last event. */
  readonly versionOf: (end: End) => number
  readonly isConflict: (error: unknown) => boolean
  /** Makes streams of so many events each, as fast as it goes, in the very form that the store would have written. */
  readonly fill: (streams: ReadonlyArray<string>, events: number) => Promise<void>
  /** What has been consumed since the last call; counting begins with the first. */
  readonly takeUnits?: () => Units
  /** Follows the log by the store's own consumer, and tells of each event that it delivers. Resolves once it follows. */
  readonly follow?: (
    delivered: (stream: string, version: number) => void
  ) => Promise<{ readonly stop: () => Promise<void> }>
  /** Projects so many posts that lie in the log into tables of a read model; answers with how long that took, in s. */
  readonly project?: (events: number, setting: ProjectionSetting) => Promise<number>
}
