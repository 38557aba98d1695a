import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Readiness } from "../../api/handlers/operations.ts"
import { dynamoDbReadiness, postgresReadiness } from "../service/readiness.ts"

/** The poller moves what DynamoDB has to Postgres: it can do without neither. */
export const readiness = (table: string) =>
  Layer.effect(
    Readiness,
    Effect.gen(function*() {
      const { checks: from } = Context.get(yield* Layer.build(dynamoDbReadiness(table)), Readiness)
      const { checks: to } = Context.get(yield* Layer.build(postgresReadiness), Readiness)
      return Readiness.of({ checks: { ...from, ...to } })
    })
  )
