import { Context, Effect, Layer, Redacted } from "effect"
import { migrate } from "../../../src/platform/migrate.ts"
import * as Postgres from "../../../src/platform/Postgres.ts"
import { readModelMigrations } from "../../../src/queries/migrations.ts"
import { makePostgresDatabase } from "../../engines/databases.ts"
import { sharedRedis } from "../../engines/redis.ts"
import { quiet } from "../../support/projection.ts"
import { makeTcpProxy, type TcpProxy } from "../../support/tcpProxy.ts"
import { runLambda } from "./runLambda.ts"

/** What a suite about the projector's Lambda has: a read model, and a way to it that can be cut. */
export class Surroundings extends Context.Service<Surroundings, {
  readonly proxy: TcpProxy
  readonly environment: Readonly<Record<string, string>>
}>()("marginalia/test/programs/lambda/Surroundings") {}

const surroundings = Effect.gen(function*() {
  const direct = new URL(Redacted.value(yield* makePostgresDatabase))
  const proxy = yield* makeTcpProxy({ host: direct.hostname, port: Number(direct.port) })
  const proxied = new URL(direct)
  proxied.port = String(proxy.port)
  const environment = { DATABASE_URL: proxied.href, REDIS_URL: yield* sharedRedis, AWS_REGION: "eu-central-1" }
  return Layer.merge(
    Layer.succeed(Surroundings, { proxy, environment }),
    Layer.effectDiscard(migrate({ table: "read_model_migrations", migrations: readModelMigrations })).pipe(
      Layer.provideMerge(
        Postgres.layer({ url: Redacted.make(direct.href), applicationName: "marginalia-test", maxConnections: 4 })
      )
    )
  )
})

/** An empty read model on PostgreSQL, and what the Lambda's environment says about it. */
export const projectorSurroundings = Layer.unwrap(surroundings).pipe(Layer.provideMerge(quiet))

/** Runs the projector's Lambda. */
export const runProjector = Effect.fnUntraced(
  function*(more: Readonly<Record<string, string>> = {}, options: { readonly sdk?: boolean } = {}) {
    const { environment } = yield* Surroundings
    return yield* runLambda("projector", { environment: { ...environment, ...more }, ...options })
  }
)
