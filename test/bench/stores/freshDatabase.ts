import { Effect, Layer, Redacted } from "effect"
import { randomUUID } from "node:crypto"
import * as Postgres from "../../../src/platform/Postgres.ts"
import { administer } from "../work/freshDatabase.ts"
import { poolSize } from "./poolSize.ts"

/** Makes an empty database on a server, which goes with the server. Answers with its URL. */
export const makeDatabase = Effect.fn("makeDatabase")(function*(server: string) {
  const name = `bench_${randomUUID().replaceAll("-", "")}`
  yield* administer(server, `CREATE DATABASE ${name} TEMPLATE template0`)
  const url = new URL(server)
  url.pathname = name
  return url.href
})

/** An empty database of one's own, by the client that the programs have. */
export const freshDatabase = (server: string) =>
  Layer.unwrap(
    Effect.map(makeDatabase(server), (url) =>
      Postgres.layer({ url: Redacted.make(url), applicationName: "marginalia-bench", maxConnections: poolSize }))
  )
