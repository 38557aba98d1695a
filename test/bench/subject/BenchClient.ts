import { Context, Effect, Layer, Redacted, Schema } from "effect"
import { FetchHttpClient } from "effect/http"
import { BearerToken, decidedAtOnce, MarginaliaClient } from "../../../src/api/MarginaliaClient.ts"
import { AuthorId, type CommentId, PictureId } from "../../../src/domain/ids.ts"
import { developmentTokens } from "../../../src/programs/replay/tokens.ts"
import { BenchError } from "../BenchError.ts"
import type { RunningServer } from "../servers/RunningServer.ts"

/** A comment to be posted before a row is measured. */
export interface Draft {
  readonly picture: string
  readonly author: string
  readonly text: string
}

const refused = (error: unknown) =>
  new BenchError({ message: `The standalone program refused what a row needs: ${String(error)}` })

const settlingPicture = PictureId.make("settling")
const settlingAuthor = AuthorId.make("settling")

/** What rows ask of the standalone program before and after they are measured, through the typed client. */
export const makeBenchClient = Effect.fn("makeBenchClient")(
  function*({ origin, queries = origin, tokens: issuer = origin }: RunningServer) {
    const tokens = yield* developmentTokens(issuer)
    const client = yield* MarginaliaClient
    const asking = Context.get(yield* Layer.build(MarginaliaClient.layer(queries)), MarginaliaClient)

    const token = (author: string): Effect.Effect<string, BenchError> =>
      tokens(AuthorId.make(author)).pipe(Effect.map(Redacted.value), Effect.mapError(refused))

    const post = Effect.fnUntraced(function*({ author, picture, text }: Draft) {
      return yield* client.commands.postComment({
        params: { pictureId: PictureId.make(picture) },
        headers: {},
        payload: { text }
      }).pipe(
        decidedAtOnce,
        Effect.provideService(BearerToken, Redacted.make(yield* token(author))),
        Effect.mapError(refused)
      )
    })

    /** Posts comments, and answers with their ids, in the order of the drafts. */
    const postAll = (drafts: ReadonlyArray<Draft>): Effect.Effect<ReadonlyArray<CommentId>, BenchError> =>
      Effect.forEach(drafts, (draft) => Effect.map(post(draft), ({ body }) => body.id), { concurrency: 32 })

    /** Waits until queries show everything that has been acknowledged: the log is projected in its order. */
    const settled: Effect.Effect<void, BenchError> = Effect.gen(function*() {
      const { headers } = yield* post({ picture: settlingPicture, author: settlingAuthor, text: "Settled?" })
      const read = asking.queries.pictureCount({
        params: { pictureId: settlingPicture },
        headers: { "consistency-token": headers["consistency-token"], prefer: "wait=10" }
      })
      yield* Effect.retry(read, { while: Schema.is(Schema.Struct({ status: Schema.Literal(503) })), times: 10 })
    }).pipe(Effect.mapError(refused))

    return { token, postAll, settled }
  }
)

/** A client of a server that is measured. */
export type BenchClient = Effect.Success<ReturnType<typeof makeBenchClient>>

/** Uses a client of the standalone program. */
export const withBenchClient = <A>(
  server: RunningServer,
  use: (client: BenchClient) => Effect.Effect<A, BenchError>
): Effect.Effect<A, BenchError> =>
  Effect.flatMap(makeBenchClient(server), use).pipe(
    Effect.scoped,
    Effect.provide(Layer.provideMerge(MarginaliaClient.layer(server.origin), FetchHttpClient.layer))
  )
