import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { ClusterOptions, RedisOptions } from "ioredis"
import { randomInt } from "node:crypto"
import { isIP } from "node:net"
import { readAuthorities } from "./certificates.ts"
import type { RedisSettings } from "./engineSettings.ts"
import { SettingRefused } from "./settings.ts"

/** How long connecting may take, with TLS and authentication. */
const connectTimeout = 2000

/** A server that says nothing for so long while it is asked something is as good as gone: the connection is given up. */
const longestSilence = 1000

const longestDelay = 2000

/** When to try again: later and later, never in step with others that lost the same server. */
export const reconnectDelay = (tries: number): number => {
  const half = Math.min(longestDelay, 50 * 2 ** Math.min(tries, 10)) / 2
  return half + randomInt(half)
}

const urlExpected = "a URL such as redis://user:password@host:6379, with a number or nothing as its path"

const parse = (settings: RedisSettings) =>
  Effect.try({
    try: () => {
      const url = new URL(Redacted.value(settings.url))
      if (!/^\/?\d{0,4}$/.test(url.pathname)) throw new Error("the path is no number")
      return {
        host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
        port: url.port === "" ? 6379 : Number(url.port),
        db: Number(url.pathname.slice(1)),
        encrypted: url.protocol === "rediss:",
        username: settings.username ?? decodeURIComponent(url.username),
        password: settings.password === undefined ? decodeURIComponent(url.password) : Redacted.value(settings.password)
      }
    },
    // Without the cause, which may quote the password.
    catch: () => new SettingRefused({ variable: "REDIS_URL", message: `REDIS_URL must be ${urlExpected}.` })
  })

/** What ioredis is told about a server or a cluster. */
export interface RedisPlace {
  readonly host: string
  readonly port: number
  readonly db: number
  /** For a connection, whether it is the only one or leads to a node of a cluster. */
  readonly connection: Pick<RedisOptions, "username" | "tls" | "connectTimeout" | "socketTimeout"> & {
    readonly password?: Redacted.Redacted
  }
}

/** Where Redis is, and who we are; the file with the authorities is read. */
export const redisPlace = Effect.fnUntraced(function*(settings: RedisSettings) {
  const { db, encrypted, host, password, port, username } = yield* parse(settings)
  const ca = settings.caFile === undefined ? undefined : yield* readAuthorities("REDIS_CA_FILE", settings.caFile)
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    // The nodes of a cluster have names of their own, each checked against its own certificate.
    ...(settings.cluster || isIP(host) !== 0 ? {} : { servername: host })
  }
  const connection = {
    ...(username === "" ? {} : { username }),
    ...(password === "" ? {} : { password: Redacted.make(password) }),
    ...(encrypted ? { tls } : {}),
    connectTimeout,
    socketTimeout: longestSilence
  }
  return { host, port, db, connection } satisfies RedisPlace
})

/** Commands fail at once while there is no connection, and with the connection that they went over: nothing is queued. */
const failFast = { maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false } as const

// ioredis has it as text, and adds what it sent to the errors that it gets: see `loggable`.
const withPassword = ({ password, ...connection }: RedisPlace["connection"]) => ({
  ...connection,
  ...(password === undefined ? {} : { password: Redacted.value(password) })
})

/** The options of the client of a single server. */
export const singleOptions = ({ connection, db, host, port }: RedisPlace) => ({
  ...withPassword(connection),
  ...failFast,
  host,
  port,
  db,
  lazyConnect: true,
  enableOfflineQueue: false,
  retryStrategy: reconnectDelay,
  // A master that was made a replica refuses to write: its name leads to the new one, for who asks again.
  reconnectOnError: ({ message }: Error) => message.startsWith("READONLY")
} satisfies RedisOptions)

/** The options of the client of a cluster. */
export const clusterOptions = ({ connection }: RedisPlace) => ({
  redisOptions: { ...withPassword(connection), ...failFast },
  lazyConnect: true,
  enableOfflineQueue: false,
  clusterRetryStrategy: reconnectDelay,
  // Whoever asks has its own patience, shorter than any failover.
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
  slotsRefreshInterval: 5000,
  // Names are resolved as late as possible, for a certificate is a name's.
  dnsLookup: (address, callback) => callback(null, address)
} satisfies ClusterOptions)
