import type { AuthorId, CommentId, PictureId } from "../../../src/domain/ids.ts"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import type { Moment } from "../kernel/Journal.ts"

/** A request as a client sent it. */
export interface SentRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  /** With its query. */
  readonly path: string
  /** Names in lower case. Who asks is in `Exchange`, not in here. */
  readonly headers: Readonly<Record<string, string>>
  /** What is sent as JSON; undefined for none. */
  readonly body: unknown
}

/** An answer as a client got it. */
export interface ReceivedAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The parsed JSON; undefined for none. */
  readonly body: unknown
}

/** One request of a client and what came of it. */
export interface Exchange {
  readonly number: number
  /** The token's subject. */
  readonly client: AuthorId
  readonly scopes: ReadonlyArray<string>
  readonly request: SentRequest
  readonly sent: Moment
  /** Null: none came. The line broke, or the client gave up: it may have been done, or be done yet. */
  readonly answer: ReceivedAnswer | null
  /** When the answer came, or the client gave up. */
  readonly ended: Moment
}

/** A commit as it lies in the log. */
export interface LoggedCommit {
  readonly commit: EncodedCommit
  /** When it got there; null where nobody saw it, as with a real engine. */
  readonly landed: Moment | null
}

/** Where some streams of the read model stood from a moment on. */
export interface PositionsReached {
  readonly moment: Moment
  readonly positions: ReadonlyArray<{ readonly stream: CommentId; readonly version: number; readonly parked: boolean }>
}

/** The rows of the read model at the end. Times are milliseconds. */
export interface FinalRows {
  readonly comments: ReadonlyArray<{
    readonly id: CommentId
    readonly picture: PictureId
    readonly author: AuthorId
    readonly text: string | null
    readonly version: number
    readonly created: number
    readonly edited: number | null
    readonly deleted: number | null
  }>
  readonly history: ReadonlyArray<{
    readonly id: CommentId
    readonly version: number
    readonly type: string
    readonly at: number
    readonly text: string | null
  }>
  readonly positions: ReadonlyArray<{ readonly stream: CommentId; readonly version: number; readonly parked: boolean }>
  readonly pictures: ReadonlyMap<PictureId, number>
  readonly authors: ReadonlyMap<AuthorId, number>
}

/** An entry that the cache still has at the end. */
export interface CachedAtEnd {
  /** A request that it would answer. */
  readonly path: string
  /** The parsed body. */
  readonly body: unknown
  readonly etag: string
}

/** Where a stream goes on with what can't be projected. */
export interface Poisoned {
  readonly version: number
  /** When that was put there: nothing before it can be because of it. Null where nobody saw it, as with a real engine. */
  readonly planted: Moment | null
}

/** Everything that is known of a run once it is over. What a real engine can't tell is null. */
export interface History {
  readonly exchanges: ReadonlyArray<Exchange>
  /** In the order in which they landed; where that isn't known, by stream and version. */
  readonly log: ReadonlyArray<LoggedCommit>
  /** Each change of positions in the read model, in order; null where nobody saw them. */
  readonly positions: ReadonlyArray<PositionsReached> | null
  /** After the world has been calm for long enough, and before parked streams were redriven. */
  readonly rows: FinalRows
  /** The same after what was wrong with parked streams was mended and they were redriven; null where nothing was. */
  readonly rowsAfterRedrive: FinalRows | null
  /** Commits that somebody put into the log past the store, and that can't be projected, by stream: the first of each. */
  readonly poisoned: ReadonlyMap<CommentId, Poisoned>
  /** Commits that another version of the program wrote: right, but no client of this run asked for them. */
  readonly foreign: ReadonlySet<EncodedCommit["id"]>
  readonly cached: ReadonlyArray<CachedAtEnd>
  /**
   * What the cache had as soon as the read model had converged, of pictures of which no invalidation was lost. Left out
   * where nobody looked.
   */
  readonly cachedWhenCalm?: ReadonlyArray<CachedAtEnd>
  /** The tick after which everything was calm and mended, so that each query is to be answered. Left out where nobody asked any. */
  readonly calmFrom?: number
  /** What is still held after everything was closed, by what it is; all are to be 0. */
  readonly held: Readonly<Record<string, number>>
}
