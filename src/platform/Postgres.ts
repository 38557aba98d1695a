import * as PgClient from "@effect/sql-pg/PgClient"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Reactivity from "effect/reactivity/Reactivity"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type * as SqlClient from "effect/sql/SqlClient"
import type * as SqlError from "effect/sql/SqlError"
import { readAuthorities } from "./certificates.ts"
import type { DatabaseSettings } from "./engineSettings.ts"
import { iamPassword } from "./iamPassword.ts"
import { failOnLostTransactions } from "./lostTransactions.ts"
import { postgresTypes } from "./postgresTypes.ts"
import type { SettingRefused } from "./settings.ts"

/** What a program says about the server that it talks to. */
export interface PostgresSettings {
  /** `postgres://user:password@host:port/database`, as libpq reads it (`sslmode`, `connect_timeout`, `options`, …). */
  readonly url: Redacted.Redacted
  /** In place of the URL's password: asked for each new connection, so that a password may change, or be a token. */
  readonly password?: Effect.Effect<Redacted.Redacted>
  /**
   * In PEM, the authorities that the server's certificate may come from. With them nothing but TLS will do, and the
   * certificate must be for the host that the URL names. Without them the URL decides (`sslmode`).
   */
  readonly authorities?: string
  /** Whether transactions may only read, unless one says otherwise. They may also write, if left out. */
  readonly readOnly?: boolean
  /** The most connections that are open at once; connections are opened as they are needed. */
  readonly maxConnections: number
  /** What `pg_stat_activity` shows. */
  readonly applicationName: string
  /** How long one statement may run before the server ends it (SQLSTATE 57014). 10 seconds, if left out. */
  readonly statementTimeout?: Duration.Input
  /**
   * How long a transaction may stay idle before the server ends its session (SQLSTATE 25P03). 10 seconds, if left out.
   * One idle writer, even in another database of the server, hides all later appends from the tail of the log.
   */
  readonly idleInTransactionTimeout?: Duration.Input
}

/** A pool whose rows are decoded as `postgresTypes` says, and whose transactions fail when their connection is lost. */
export const makeClient = (
  config: PgClient.PgPoolConfig
): Effect.Effect<PgClient.PgClient, SqlError.SqlError, Scope.Scope | Reactivity.Reactivity> =>
  Effect.map(PgClient.make({ ...config, types: postgresTypes }), failOnLostTransactions)

const milliseconds = (duration: Duration.Input): string =>
  Math.ceil(Duration.toMillis(Duration.fromInputUnsafe(duration))).toString()

/**
 * A pool of connections to a real server.
 *
 * Connecting, with authentication, takes 5 seconds at most. A query that is interrupted is cancelled on the server. Rows
 * are decoded as `postgresTypes` says.
 */
export const layer = (
  settings: PostgresSettings
): Layer.Layer<PgClient.PgClient | SqlClient.SqlClient, SqlError.SqlError> =>
  PgClient.layerFrom(
    makeClient({
      url: settings.url,
      ...(settings.password === undefined ? {} : { password: settings.password }),
      ...(settings.authorities === undefined ? {} : { ssl: { ca: settings.authorities } }),
      maxConnections: settings.maxConnections,
      applicationName: settings.applicationName,
      connectTimeout: "5 seconds",
      keepAlive: "30 seconds",
      startupParameters: {
        statement_timeout: milliseconds(settings.statementTimeout ?? "10 seconds"),
        idle_in_transaction_session_timeout: milliseconds(settings.idleInTransactionTimeout ?? "10 seconds"),
        TimeZone: "UTC",
        ...(settings.readOnly === true ? { default_transaction_read_only: "on" } : {})
      }
    })
  )

/**
 * A pool as the environment describes it: with the authorities of `DATABASE_CA_FILE`, and with an IAM token for each new
 * connection where `DATABASE_AUTHENTICATION` asks for it.
 */
export const layerOf = (
  settings: DatabaseSettings,
  applicationName: string,
  options?: Pick<PostgresSettings, "readOnly" | "statementTimeout" | "idleInTransactionTimeout">
): Layer.Layer<PgClient.PgClient | SqlClient.SqlClient, SettingRefused | SqlError.SqlError> =>
  Layer.unwrap(Effect.gen(function*() {
    const { caFile, iam, maxConnections, url } = settings
    return layer({
      url,
      applicationName,
      maxConnections,
      ...(caFile === undefined ? {} : { authorities: yield* readAuthorities("DATABASE_CA_FILE", caFile) }),
      ...(iam ? yield* iamPassword(url, caFile) : {}),
      ...options
    })
  }))
