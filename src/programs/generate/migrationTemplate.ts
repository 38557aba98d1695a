import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { migrationsHash } from "./migrationsHash.ts"

/** The template of the migration doesn't have the one line that its hash stands in. */
export class NoPlaceForHash
  extends Schema.TaggedError<NoPlaceForHash>()("NoPlaceForHash", { message: Schema.String })
{}

const place = /^( +MigrationsHash: )\S+$/gm

/** The template of the migration with the hash of the migrations that there are, and otherwise as it is. */
export const withMigrationsHash = Effect.fnUntraced(function*(template: string) {
  if (template.match(place)?.length !== 1) {
    return yield* new NoPlaceForHash({
      message: "There must be one line `MigrationsHash: …` in the migration's template."
    })
  }
  const hash = yield* migrationsHash
  return template.replace(place, (_line, name: string) => `${name}${hash}`)
})
