import { PictureId } from "../../src/domain/ids.ts"
import { slotKey } from "../../src/queries/slotKey.ts"

type Words = readonly [command: string, ...words: Array<string>]

const page = slotKey(PictureId.make("sunset-42"))
const limit = "limits:{ana}"
const other = "sessions:{ana}"

const reading = (key: string): ReadonlyArray<Words> => [
  ["GET", key],
  ["SET", key, "x"],
  ["HGET", key, "generation"],
  ["HSET", key, "generation", "x"],
  ["EXPIRE", key, "1"],
  ["TYPE", key],
  ["DUMP", key]
]

/** What no program ever does: whole servers, other people's keys, what keys there are, who else is there. */
export const beyondAnybody: ReadonlyArray<Words> = [
  ["FLUSHALL"],
  ["FLUSHDB", "ASYNC"],
  ["SWAPDB", "0", "1"],
  ["CONFIG", "GET", "*"],
  ["CONFIG", "SET", "maxmemory", "1"],
  ["KEYS", "*"],
  ["SCAN", "0"],
  ["RANDOMKEY"],
  ["DBSIZE"],
  ["ACL", "LIST"],
  ["ACL", "SETUSER", "mallory", "on", "nopass", "~*", "+@all"],
  ["CLIENT", "LIST"],
  ["CLIENT", "KILL", "TYPE", "normal"],
  ["CLUSTER", "RESET", "HARD"],
  ["CLUSTER", "NODES"],
  ["MONITOR"],
  ["SLOWLOG", "GET"],
  ["MEMORY", "USAGE", page],
  ["SAVE"],
  ["BGREWRITEAOF"],
  ["SHUTDOWN", "NOSAVE"],
  ["REPLICAOF", "NO", "ONE"],
  ["MIGRATE", "127.0.0.1", "1", other, "0", "1"],
  ["RENAME", page, other],
  ["COPY", page, other],
  ["DEL", page],
  ["DEL", limit],
  ["PERSIST", limit],
  ["SCRIPT", "FLUSH"],
  ["FUNCTION", "FLUSH"],
  ["PUBLISH", "news", "x"],
  ["SUBSCRIBE", "news"],
  ["MULTI"],
  ...reading(other)
]

// Of those who only make the cache forget.
const withoutLooking: ReadonlyArray<Words> = [
  ...reading(page),
  ...reading(limit),
  ["UNLINK", limit],
  ["UNLINK", other],
  ["SCRIPT", "LOAD", "return 1"],
  ["EVALSHA", "0".repeat(40), "0"]
]

const script = (call: string): Words => ["EVAL", `return redis.call(${call})`, "0"]

/** What is one program's and not another's. */
export const beyond: Readonly<Record<"command" | "query" | "projector" | "ops", ReadonlyArray<Words>>> = {
  command: [
    ...reading(page),
    ["UNLINK", page],
    ["UNLINK", limit],
    ["HSET", limit, "a", "b"],
    ["EXPIRE", limit, "100000"],
    script(`'GET', '${limit}'`)
  ],
  // It may run scripts of its own, in which it may do no more.
  query: [
    ["UNLINK", page],
    ["UNLINK", limit],
    script("'FLUSHALL'"),
    script("'KEYS', '*'"),
    script(`'GET', '${other}'`),
    script(`'SET', '${other}', 'x'`),
    script(`'DEL', '${limit}'`)
  ],
  projector: [...withoutLooking, ["INFO"], script("'PING'")],
  ops: [...withoutLooking, script("'PING'")]
}
