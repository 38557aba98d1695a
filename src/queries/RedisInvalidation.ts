import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { PictureId } from "../domain/ids.ts"
import { makeRedisLines, type RedisCommand, RedisLineBroken } from "../platform/RedisLine.ts"
import type { RedisPlace } from "../platform/redisOptions.ts"
import { QueryCache, QueryCacheUnavailable } from "./QueryCache.ts"
import { slotKey } from "./slotKey.ts"

type Node = Pick<RedisPlace, "host" | "port">

/** What a node is asked for one picture. */
interface Asked {
  readonly picture: PictureId
  readonly node: Node
  readonly asking: boolean
}

// The node that has the key's slot, or that it is being moved to.
const moved = /^-(MOVED|ASK) \d+ (.*):(\d+)$/

/** How often a key may be sent elsewhere. */
const mostHops = 5

const unavailable = (operation: QueryCacheUnavailable["operation"]) => (cause: unknown) =>
  new QueryCacheUnavailable({ operation, cause })

const commandsOf = ({ asking, picture }: Asked): ReadonlyArray<RedisCommand> => [
  ...(asking ? [["ASKING"]] : []),
  ["UNLINK", slotKey(picture)]
]

const make = Effect.fnUntraced(function*(place: RedisPlace, longestSilence: number) {
  const lines = yield* makeRedisLines(place, longestSilence)

  // Forgets what it can, and gives what has to be asked elsewhere.
  const askNode = Effect.fnUntraced(function*(node: Node, asked: ReadonlyArray<Asked>) {
    const replies = yield* lines.ask(node, asked.flatMap(commandsOf))
    const elsewhere: Array<Asked> = []
    let at = 0
    for (const one of asked) {
      at += commandsOf(one).length
      const reply = replies[at - 1] ?? ""
      if (reply.startsWith(":")) continue
      const [, kind, host, port] = moved.exec(reply) ?? []
      if (kind === undefined) {
        // As a master does that was made a replica: it would refuse for ever.
        lines.drop(node)
        return yield* new RedisLineBroken({ message: `Redis: ${reply.slice(1)}` })
      }
      // A node that doesn't know its own name means the one by which it was asked.
      elsewhere.push({
        picture: one.picture,
        node: { host: host === undefined || host === "" ? node.host : host, port: Number(port) },
        asking: kind === "ASK"
      })
    }
    return elsewhere
  })

  const invalidate = Effect.fn("RedisInvalidation.invalidate")(function*(pictures: ReadonlyArray<PictureId>) {
    let asked: ReadonlyArray<Asked> = pictures.map((picture) => ({ picture, node: place, asking: false }))
    for (let hop = 0; asked.length > 0; hop++) {
      if (hop > mostHops) return yield* new RedisLineBroken({ message: "Redis: a key is sent from node to node" })
      const byNode = Map.groupBy(asked, ({ node }) => `${node.host} ${node.port}`).values()
      const elsewhere = yield* Effect.forEach(
        byNode,
        (asked) => (asked[0] === undefined ? Effect.succeed([]) : askNode(asked[0].node, asked)),
        { concurrency: "unbounded" }
      )
      asked = elsewhere.flat()
    }
  }, Effect.mapError(unavailable("invalidate")))

  const onlyForgets = new Error("this layer only forgets")
  return QueryCache.of({
    read: () => Effect.fail(unavailable("read")(onlyForgets)),
    put: () => Effect.fail(unavailable("put")(onlyForgets)),
    invalidate
  })
})

/**
 * The query cache in Redis for a program that only projects: it makes the cache forget, and neither reads nor puts. For
 * the Lambda, whose cold start it spares a whole client of Redis.
 *
 * The projector tries for a second, so a connection that died while the container was frozen has to be given up before
 * that: after `longestSilence` milliseconds, and then there is time for a new one.
 */
export const layer = (place: RedisPlace, longestSilence = 400): Layer.Layer<QueryCache> =>
  Layer.effect(QueryCache, make(place, longestSilence))
