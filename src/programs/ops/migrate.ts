import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { migrate as run, pendingMigrations } from "../../platform/migrate.ts"
import { readModelMigrations } from "../../queries/migrations.ts"
import { grantRoles, opsRole, projectorRole, queryRole } from "../../queries/roles.ts"
import { dryRun } from "./flags.ts"
import { database } from "./layers.ts"

const readModel = { table: "read_model_migrations", migrations: readModelMigrations }

const sentence = (applied: ReadonlyArray<{ readonly id: number; readonly name: string }>, done: string): string =>
  applied.length === 0
    ? "The read model is up to date."
    : `${done}: ${applied.map(({ id, name }) => `${id}_${name}`).join(", ")}`

/** Brings the read model's tables up to date, and grants its roles what they may. */
export const migrate = Command.make(
  "migrate",
  { dryRun },
  Effect.fnUntraced(
    function*({ dryRun }) {
      if (dryRun) return yield* Console.log(sentence(yield* pendingMigrations(readModel), "Would be applied"))
      const { applied } = yield* run(readModel)
      yield* Console.log(sentence(applied, "Applied"))
      yield* grantRoles
      yield* Console.log(
        `The roles ${queryRole}, ${projectorRole} and ${opsRole} may do what they need, and nothing else.`
      )
    },
    Effect.provide(database)
  )
).pipe(Command.withDescription(
  "Bring the read model's tables up to date and grant its roles; may be started twice at once"
))
