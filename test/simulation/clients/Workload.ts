import { Effect } from "effect"
import type { World } from "../kernel/World.ts"
import type { Client } from "./Client.ts"
import { converse } from "./conversation.ts"
import { Learned } from "./Learned.ts"
import type { Line } from "./Line.ts"
import { readAuthor, readComment, readCounts, readPicture, watchPicture } from "./reading.ts"
import { burst, edit, post, remove, revise } from "./writing.ts"

/** What is done, as often as it stands here. */
const kinds = [
  post,
  post,
  post,
  post,
  post,
  post,
  post,
  edit,
  edit,
  edit,
  edit,
  edit,
  edit,
  edit,
  edit,
  remove,
  remove,
  remove,
  burst,
  revise,
  revise,
  converse,
  converse,
  readPicture,
  readPicture,
  readPicture,
  readPicture,
  readPicture,
  readAuthor,
  readCounts,
  readCounts,
  readComment,
  readComment,
  watchPicture,
  watchPicture
] as const

/**
 * At the end some write and others look at the same time: what the cache has wrong then is not overwritten by what comes
 * after, and so is seen.
 */
const lastOnes = 12
const lastKinds = [post, edit, revise, converse, watchPicture, watchPicture] as const

export interface Workload {
  readonly operations: number
  /** The numbers of operations that are left out. The others stay as they are. */
  readonly dropped: ReadonlySet<number>
  /** The time in which operations begin, in milliseconds. */
  readonly duration: number
}

/** Performs all operations, each at its time and whatever the others do, and gives what was learned. */
export const perform = Effect.fnUntraced(
  function*(world: World, line: Line, { dropped, duration, operations }: Workload) {
    const learned = new Learned()
    const numbers = Array.from({ length: operations }, (_, number) => number).filter((number) => !dropped.has(number))
    yield* Effect.forEach(numbers, (operation) =>
      Effect.suspend(() => {
        const chance = world.chance.fork("operations").fork(operation)
        const isLast = operation >= operations - lastOnes
        const kind = operation < 3 ? post : chance.pick(isLast ? lastKinds : kinds)
        // About in the order of their numbers, some at the very same time.
        const start = isLast
          ? duration + chance.integer(0, 1_000)
          : Math.floor((operation + chance.next()) / operations * duration / 100) * 100
        const client: Client = { operation, chance, line, learned }
        return Effect.delay(Effect.asVoid(kind(client)), start)
      }), { concurrency: "unbounded", discard: true })
    return learned
  }
)
