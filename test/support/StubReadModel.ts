import { Context, Effect, Layer } from "effect"
import type { CommentId } from "../../src/domain/ids.ts"
import {
  type CommentSlice,
  type PageRequest,
  ReadModel,
  type ReadModelUnavailable,
  type StreamPosition
} from "../../src/queries/ReadModel.ts"

interface Script {
  /** What is known of streams. */
  readonly positions: Map<CommentId, StreamPosition>
  /** The streams of each look at the positions, in their order. */
  readonly looks: Array<ReadonlyArray<CommentId>>
  /** The pages that were asked for, in their order. */
  readonly pages: Array<PageRequest>
  /** Comes before each answer; a test may let it wait or fail. */
  before: Effect.Effect<void, ReadModelUnavailable>
  /** What a page is; its `count` is also every picture's count. */
  slice: CommentSlice
}

/** A read model of a few variables, which counts what it is asked. Nothing is known of any comment. */
export class StubReadModel extends Context.Service<StubReadModel, Script>()("marginalia/test/support/StubReadModel") {
  static readonly layer: Layer.Layer<StubReadModel | ReadModel> = Layer.effectContext(
    Effect.sync(() => {
      const script: Script = {
        positions: new Map(),
        looks: [],
        pages: [],
        before: Effect.void,
        slice: { comments: [], more: false, count: 0 }
      }
      const answer = <A>(ask: () => void, found: () => A): Effect.Effect<A, ReadModelUnavailable> =>
        Effect.suspend(() => {
          ask()
          // What is read is what there is at the beginning, however long the answer then takes.
          const answer = found()
          return Effect.as(script.before, answer)
        })
      const readModel = ReadModel.of({
        page: (request) => answer(() => script.pages.push(request), () => script.slice),
        counts: (pictures) =>
          answer(() => {}, () => pictures.map((pictureId) => ({ pictureId, count: script.slice.count }))),
        comment: () => Effect.die(new Error("no test asks for a comment")),
        history: () => Effect.die(new Error("no test asks for a history")),
        positions: (streams) =>
          answer(
            () => script.looks.push(streams),
            () => streams.flatMap((stream) => script.positions.get(stream) ?? [])
          )
      })
      return Context.make(StubReadModel, script).pipe(Context.add(ReadModel, readModel))
    })
  )
}
