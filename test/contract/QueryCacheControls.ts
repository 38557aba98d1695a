import type { Effect } from "effect"
import { Context } from "effect"
import type { PictureId } from "../../src/domain/ids.ts"

/** What happens to a cache from outside. Each layer that the contract runs against brings its own way to bring it about. */
export class QueryCacheControls extends Context.Service<QueryCacheControls, {
  /** The picture's slot goes because memory is short. */
  evict(picture: PictureId): Effect.Effect<void>

  /** The picture's slot goes because its time is over. */
  expire(picture: PictureId): Effect.Effect<void>

  /** Everything goes. */
  readonly flush: Effect.Effect<void>
}>()("marginalia/test/contract/QueryCacheControls") {}
