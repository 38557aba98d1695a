import { assert, it } from "@effect/vitest"
import { Cause, Context, Deferred, Effect, Exit, Fiber, Layer, Redacted, Stream } from "effect"
import { SqlClient } from "effect/sql"
import type { Commit } from "../../src/events/Commit.ts"
import { encodeCommit } from "../../src/events/EventCodec.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import { EventTail } from "../../src/events/EventTail.ts"
import type { Head } from "../../src/events/Head.ts"
import { eventLogMigrations, eventLogMigrationsTable } from "../../src/events/migrations.ts"
import * as PostgresEventStore from "../../src/events/PostgresEventStore.ts"
import { migrate } from "../../src/platform/migrate.ts"
import * as Postgres from "../../src/platform/Postgres.ts"
import { load, put, stored, versionsOf, written } from "../contract/eventStoreSteps.ts"
import { describePostgres, makePostgresDatabase } from "../engines/databases.ts"
import { commitOn } from "../support/commitOn.ts"
import { edited, posted } from "../support/encodedCommits.ts"
import { someoneWaits } from "../support/lockWaits.ts"
import { makeTcpProxy, type TcpProxy } from "../support/tcpProxy.ts"

/** The way from the store to its server. `SqlClient` goes another way, and always gets there. */
class Way extends Context.Service<Way, TcpProxy>()("marginalia/test/events/PostgresFailures/Way") {}

const clientOf = (url: Redacted.Redacted, statementTimeout: "10 seconds" | "200 millis" = "10 seconds") =>
  Postgres.layer({ url, maxConnections: 2, applicationName: "marginalia-test", statementTimeout })

/** A store behind a proxy, with little patience. */
const storeOver = (url: Redacted.Redacted, settings: { readonly timeLimit: "300 millis" | "10 seconds" }) =>
  Layer.unwrap(Effect.gen(function*() {
    const direct = new URL(Redacted.value(url))
    const way = yield* makeTcpProxy({ host: direct.hostname, port: Number(direct.port) })
    direct.hostname = "127.0.0.1"
    direct.port = `${way.port}`
    return PostgresEventStore.layer(settings).pipe(
      Layer.provide(
        clientOf(Redacted.make(direct.href), settings.timeLimit === "10 seconds" ? "200 millis" : undefined)
      ),
      Layer.merge(Layer.succeed(Way, way))
    )
  }))

const frail = (settings: Parameters<typeof storeOver>[1]) =>
  Layer.unwrap(Effect.map(makePostgresDatabase, (url) =>
    storeOver(url, settings).pipe(
      Layer.provideMerge(
        Layer.effectDiscard(migrate({ table: eventLogMigrationsTable, migrations: eventLogMigrations }))
      ),
      Layer.provideMerge(clientOf(url))
    )))

/** Appends while another has the place, but neither commits nor gives up; `meanwhile` the append waits for that one. */
const whileWaiting = Effect.fnUntraced(function*<E, R>(
  head: Head,
  commit: Commit,
  meanwhile: Effect.Effect<unknown, E, R>
) {
  const sql = yield* SqlClient.SqlClient
  const { events, lastVersion, stream, version } = encodeCommit(commit)
  const begun = yield* Deferred.make<void>()
  const end = yield* Deferred.make<void>()
  const other = yield* Effect.forkChild(
    sql`
      INSERT INTO commits (stream, version, last_version, commit_id, events)
      VALUES (${stream}, ${version}, ${lastVersion}, gen_random_uuid(), ${JSON.stringify(events)})`.pipe(
      Effect.andThen(Deferred.succeed(begun, undefined)),
      Effect.andThen(Deferred.await(end)),
      Effect.andThen(Effect.interrupt),
      sql.withTransaction,
      Effect.exit
    )
  )
  yield* Deferred.await(begun)
  const waiting = yield* Effect.forkChild(Effect.exit(put(head, commit)))
  yield* meanwhile
  const exit = yield* Fiber.join(waiting)
  yield* Deferred.succeed(end, undefined)
  yield* Fiber.join(other)
  return exit
})

const outcomeOf = <A, E>(exit: Exit.Exit<A, E>): unknown =>
  Exit.match(exit, {
    onSuccess: () => "success",
    onFailure: (cause) => {
      const error = Object(Cause.squash(cause))
      return `${error._tag} ${error.operation} ${error.outcome}`
    }
  })

const dies = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.map(Effect.exit(effect), Exit.hasDies)

const someHead = Effect.map(written([posted("a")]), ({ head }) => head)
const tailed = EventTail.use((tail) => tail.read(tail.beginning, 1))
const scanned = EventStore.use((store) => Stream.runDrain(store.readAll()))

// A pool finds out that a connection is gone when it uses it: these are as many uses as it has connections.
const pool = Effect.forEach([tailed, tailed], (read) => Effect.exit(read), { concurrency: "unbounded" })

const cutOff = Way.use(({ cut }) => Effect.andThen(cut, pool))

const mended = Way.use(({ mend }) =>
  Effect.andThen(mend, Effect.repeat(pool, { until: (reads) => reads.every(Exit.isSuccess) }))
)

describePostgres("A store in Postgres", () => {
  it.layer(frail({ timeLimit: "300 millis" }), { excludeTestServices: true })((it) => {
    it.effect("knows that nothing happened when it can't reach its server, and goes on when it can", () =>
      Effect.gen(function*() {
        const head = yield* someHead
        const commit = commitOn(head, [edited("b")])
        yield* cutOff
        assert.strictEqual(outcomeOf(yield* Effect.exit(put(head, commit))), "EventStoreUnavailable append nothing")
        assert.strictEqual(outcomeOf(yield* Effect.exit(load(head.stream))), "EventStoreUnavailable load nothing")
        assert.strictEqual(
          outcomeOf(yield* Effect.exit(stored(head.stream))),
          "EventStoreUnavailable readStream nothing"
        )
        assert.strictEqual(outcomeOf(yield* Effect.exit(scanned)), "EventStoreUnavailable readAll nothing")
        assert.strictEqual(outcomeOf(yield* Effect.exit(tailed)), "EventStoreUnavailable tail nothing")
        yield* mended
        assert.strictEqual((yield* load(head.stream)).version, 1)
        assert.strictEqual((yield* put(head, commit)).version, 2)
      }).pipe(Effect.ensuring(mended)))

    it.effect("doesn't know what happened when the connection breaks in the midst of an append", () =>
      Effect.gen(function*() {
        const head = yield* someHead
        const commit = commitOn(head, [edited("b")])
        const exit = yield* whileWaiting(head, commit, Effect.andThen(someoneWaits, Way.use(({ cut }) => cut)))
        assert.strictEqual(outcomeOf(exit), "EventStoreUnavailable append unknown")
        yield* mended
        assert.strictEqual((yield* put(head, commit)).version, 2)
      }).pipe(Effect.ensuring(mended)))

    it.effect("doesn't know what happened when the server shuts down in the midst of an append", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const head = yield* someHead
        const commit = commitOn(head, [edited("b")])
        const exit = yield* whileWaiting(
          head,
          commit,
          Effect.flatMap(someoneWaits, ({ pid }) => sql`SELECT pg_terminate_backend(${pid})`)
        )
        assert.strictEqual(outcomeOf(exit), "EventStoreUnavailable append unknown")
        assert.strictEqual((yield* put(head, commit)).version, 2)
      }))

    it.effect("doesn't know what happened when an append takes too long", () =>
      Effect.gen(function*() {
        const head = yield* someHead
        const commit = commitOn(head, [edited("b")])
        const exit = yield* whileWaiting(head, commit, someoneWaits)
        assert.strictEqual(outcomeOf(exit), "EventStoreUnavailable append unknown")
        assert.strictEqual((yield* put(head, commit)).version, 2)
      }))

    it.effect("settles an append that landed unheard of by its repetition", () =>
      Effect.gen(function*() {
        const head = yield* someHead
        const commit = commitOn(head, [edited("b")])
        yield* Way.use(({ hush }) => hush)
        assert.strictEqual(outcomeOf(yield* Effect.exit(put(head, commit))), "EventStoreUnavailable append unknown")
        yield* mended
        assert.strictEqual((yield* put(head, commit)).version, 2)
        assert.deepStrictEqual(versionsOf(yield* stored(head.stream)), [1, 2])
      }).pipe(Effect.ensuring(mended)))

    it.effect("isn't built while its server can't be reached", () =>
      Effect.gen(function*() {
        const nowhere = clientOf(Redacted.make("postgres://nobody@127.0.0.1:1/nothing"))
        const exit = yield* Effect.exit(
          Effect.scoped(Layer.build(PostgresEventStore.layer().pipe(Layer.provide(nowhere))))
        )
        assert.strictEqual(outcomeOf(exit), "EventStoreUnavailable load nothing")
      }))
  })

  it.layer(frail({ timeLimit: "10 seconds" }), { excludeTestServices: true })((it) => {
    it.effect("knows that nothing happened when the server itself ends an append", () =>
      Effect.gen(function*() {
        const head = yield* someHead
        const commit = commitOn(head, [edited("b")])
        const exit = yield* whileWaiting(head, commit, Effect.void)
        assert.strictEqual(outcomeOf(exit), "EventStoreUnavailable append nothing")
        assert.strictEqual((yield* put(head, commit)).version, 2)
      }))

    it.effect("dies of what is nobody's fault but the program's", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const head = yield* someHead
        yield* sql`ALTER TABLE commits RENAME TO gone`
        const deaths = yield* Effect.all([
          dies(put(head, commitOn(head, [edited("b")]))),
          dies(load(head.stream)),
          dies(tailed),
          dies(scanned)
        ])
        assert.deepStrictEqual(deaths, [true, true, true, true])
        yield* sql`ALTER TABLE gone RENAME TO commits`
      }))
  })
})
