import { Console, Effect } from "effect"
import { startPostgres } from "../../src/programs/stack/engines/postgresServer.ts"

// A program that starts a PostgreSQL for tests and prints its URL, until it is killed.

Effect.runFork(Effect.scoped(Effect.andThen(Effect.flatMap(startPostgres(), Console.log), Effect.never)))
