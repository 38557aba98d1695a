import { Console, Effect } from "effect"
import { makePostgresServer } from "./postgresServer.ts"

// A program that starts a PostgreSQL for tests and prints its URL, until it is killed.

Effect.runFork(Effect.scoped(Effect.andThen(Effect.flatMap(makePostgresServer, Console.log), Effect.never)))
