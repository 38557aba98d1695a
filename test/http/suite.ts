import { layer } from "@effect/vitest"
import type { Layer } from "effect"
import { answers } from "./contract/answers.ts"
import { asyncCommands } from "./contract/asyncCommands.ts"
import { badTokens } from "./contract/badTokens.ts"
import { bodies } from "./contract/bodies.ts"
import { documents } from "./contract/browsers.ts"
import { commands } from "./contract/commands.ts"
import { commandStatus } from "./contract/commandStatus.ts"
import { commentShape } from "./contract/commentShape.ts"
import { conditions } from "./contract/conditions.ts"
import { consistency } from "./contract/consistency.ts"
import { counts } from "./contract/counts.ts"
import { documentation } from "./contract/documentation.ts"
import { histories } from "./contract/histories.ts"
import { idempotency } from "./contract/idempotency.ts"
import { othersObjects } from "./contract/othersObjects.ts"
import { pages } from "./contract/pages.ts"
import { permissions } from "./contract/permissions.ts"
import { precedence } from "./contract/precedence.ts"
import { replays } from "./contract/replays.ts"
import { revalidation } from "./contract/revalidation.ts"
import { routes } from "./contract/routes.ts"
import { texts } from "./contract/texts.ts"
import { users } from "./contract/users.ts"
import { walks } from "./contract/walks.ts"
import type { Part } from "./Part.ts"
import type { Target } from "./Target.ts"

/** What the contract promises wherever it is deployed. */
export const contract: ReadonlyArray<Part> = [
  commentShape,
  texts,
  commands,
  conditions,
  idempotency,
  replays,
  asyncCommands,
  commandStatus,
  precedence,
  badTokens,
  permissions,
  othersObjects,
  consistency,
  pages,
  walks,
  counts,
  users,
  histories,
  revalidation,
  bodies,
  routes,
  answers,
  documents,
  documentation
]

/**
 * What the HTTP contract promises, sentence by sentence, against any deployment of it. Every test makes its own pictures
 * and users, so the deployment may be in use; a query that must see a command sends its token along.
 */
export const httpSuite = <E>(
  name: string,
  target: Layer.Layer<Target, E>,
  parts: ReadonlyArray<Part> = contract
): void => {
  layer(target, { excludeTestServices: true, timeout: "60 seconds" })(name, (it) => {
    for (const part of parts) part(it)
  })
}
